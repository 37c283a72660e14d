// Versions of the calendars through the door: a list as GOV.UK publishes it is loaded, shows which
// running dates it would move, is applied, and then they move, each with its event.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {ASSETCTL, TREE, makeKey, ok, problem, run, startRegister, until} from '../harness/index.mjs';

const GOV_UK = JSON.parse(fs.readFileSync(path.join(TREE, 'tests/data/bank-holidays/bank-holidays.json'), 'utf8'));

const reg = await startRegister({clock: '2027-06-01T10:00:00Z'});
after(() => reg.stop());
const {anyone} = reg;
let {admin} = reg;

let n = 0;
const act = async (id, event, on, more = {}) => ok(await admin.post(`/v1/requests/${id}/events`, {event, on, ...more}));
const events = async (subject, type) => reg.sql('select subject_seq, actor_kind, data from assetd.change where subject = $1 and type = $2 order by subject_seq', [subject, type]);

const council = ok(await admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));

const ask = async received_on => {
	const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED'}));
	return ok(await admin.post('/v1/requests',
		{asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on}, {idempotency: `q${n}`}));
};
/** A request that was found complete on a day, and so has acknowledgement and notices to wait for. */
const validated = async on => act((await ask(on)).id, 'VALIDATE', on);
/** One that was refused on a day: its body may apply for a review (K8). */
async function refused(on) {
	const {id} = await validated('2027-04-01');
	await act(id, 'NOTICES_ISSUED', '2027-04-01', {representations_close_on: '2027-05-10'});
	return act(id, 'REFUSE', on, {grounds: [{matter: 'H', text: 'It is needed for the school.'}]});
}

const scotland = (...events) => ({scotland: {division: 'scotland', events: events.map(([date, title]) => ({title, date, notes: '', bunting: false}))}});
const clock = (request, id) => request.deadlines.find(d => d.clock === id && d.state === 'RUNNING');
const show = async id => ok(await anyone.get(`/v1/requests/${id}`), 200);

test('working days on the API: both readings, and each day that does not count', async () => {
	const {deadlines} = await refused('2027-05-28');
	const k8 = deadlines.find(d => d.clock === 'K8');
	assert.deepEqual([k8.due_on, k8.late_after_on, k8.calendar, k8.confidence, k8.whose], ['2027-06-24', '2027-06-25', 'FIXED_DAYS', 'C', 'COMMUNITY_BODY']);
	assert.match(k8.how.join(' '), /SSI 2016\/358 was not seen to say what a working day is\. By the other reading the last day is Friday 25 June 2027/);
	const k1 = clock(await validated('2027-05-28'), 'K1');
	assert.equal(k1.due_on, '2027-06-18');
	assert.deepEqual(k1.skipped.map(s => s.on), ['2027-05-29', '2027-05-30', '2027-06-05', '2027-06-06', '2027-06-12', '2027-06-13']);
	assert.deepEqual([...new Set(k1.skipped.map(s => s.why))], ['Saturday', 'Sunday']);
	assert.match(k1.how.join(' '), /15 working days after that day: the next working day is the first\..*Not counted: 6 days of weekends\..*So the last day is Friday 18 June 2027, to midnight\./);
});

test('what is wrong with a list or a switch is named with its place', async () => {
	problem(await admin.post('/v1/calendars', {}), 422, 'invalid', '/bank_holidays');
	problem(await admin.post('/v1/calendars', {bank_holidays: {}}), 422, 'invalid', '/bank_holidays/events');
	problem(await admin.post('/v1/calendars', {bank_holidays: {scotland: {events: [{title: 'A', date: '2027-02-30'}]}}}), 422, 'invalid',
		'/bank_holidays/scotland/events/0/date');
	problem(await admin.post('/v1/calendars', {instruments: {ssi_2017_39: 'BANK_HOLIDAYS_SCOTLAND'}}), 422, 'invalid', '/instruments/ssi_2017_39');
	problem(await admin.post('/v1/calendars', {instruments: {ssi_2016_358: 'LUNAR'}}), 422, 'invalid', '/instruments/ssi_2016_358');
	problem(await anyone.post('/v1/calendars', {instruments: {}}), 401, 'unauthenticated');
	// Another country's part of the list, pasted alone, would make Easter Monday a holiday here.
	problem(await admin.post('/v1/calendars', {bank_holidays: GOV_UK['england-and-wales']}), 422, 'invalid', '/bank_holidays/division');
});

test('GOV.UK\'s list as it stands: what it adds, what it lacks, and nothing moves', async () => {
	const loaded = ok(await admin.post('/v1/calendars', {bank_holidays: GOV_UK, source: 'GOV.UK, 17 August 2025'}));
	assert.deepEqual([loaded.state, loaded.number, loaded.covers_until, loaded.holidays.length], ['PREVIEWED', null, '2027-12-31', 36]);
	assert.deepEqual([loaded.added, loaded.missing.map(d => d.on), loaded.moves], [[], ['2026-06-15'], []]);
	assert.equal((await anyone.get(`/v1/calendars/${loaded.id}`)).status, 404, 'its operators alone see what is not applied');
	const applied = ok(await admin.post(`/v1/calendars/${loaded.id}/apply`, {}), 200);
	assert.deepEqual([applied.state, applied.number, applied.version], ['APPLIED', 1, 2]);
	const seen = ok(await anyone.get(`/v1/calendars/${loaded.id}`), 200);
	assert.equal('moves' in seen, false);
	assert.equal((await anyone.get('/v1/calendars')).json.items.length, 1);
	problem(await admin.post(`/v1/calendars/${loaded.id}/apply`, {}), 409, 'calendar-state');
	assert.equal((await events(loaded.id, 'calendar.applied')).length, 1);
});

test('a holiday announced with a request running moves its later reading, and tells so once', async () => {
	const before = await refused('2027-06-01');
	const request = before;
	assert.equal(clock(before, 'K8').late_after_on, '2027-06-28');
	const list = scotland(['2027-06-14', 'Another bank holiday']);
	const loaded = ok(await admin.post('/v1/calendars', {bank_holidays: list}));
	assert.deepEqual(loaded.added, [{on: '2027-06-14', name: 'Another bank holiday', is_substitute: false}]);
	const mine = loaded.moves.filter(m => m.request_id === request.id);
	assert.deepEqual(mine.map(m => [m.reference, m.move.clock, m.move.was_due_on, m.move.due_on, m.move.was_late_after_on, m.move.late_after_on]),
		[[request.reference, 'K8', '2027-06-28', '2027-06-28', '2027-06-28', '2027-06-29']]);
	const rival = ok(await admin.post('/v1/calendars', {bank_holidays: scotland(['2027-06-15', 'One more'])}));
	ok(await admin.post(`/v1/calendars/${loaded.id}/apply`, {}), 200);
	problem(await admin.post(`/v1/calendars/${rival.id}/apply`, {}), 409, 'calendar-state');

	const moved = await until(async () => {
		const now = await show(request.id);
		return clock(now, 'K8').late_after_on === '2027-06-29' && now;
	}, {what: 'the date to move'});
	assert.equal(moved.version, before.version + 1, 'each date that moves is a version');
	assert.match(clock(moved, 'K8').how.join(' '), /the last day is Tuesday 29 June 2027; up to then nothing is turned away/);
	const told = await events(request.id, 'deadline.moved');
	assert.deepEqual(told.map(e => [e.subject_seq, e.actor_kind, e.data.clock, e.data.late_after_on]), [[moved.version, 'SYSTEM', 'K8', '2027-06-29']]);
	// Nothing is left to be counted anew, and nothing is told twice.
	await until(async () => (await reg.sql(`select count(*)::int as n from assetd.request where calendar_version is distinct from $1
		and deadlines @? '$[*] ? (@.state == "RUNNING")'`, [loaded.id]))[0].n === 0, {what: 'every request to be counted'});
	assert.equal((await events(request.id, 'deadline.moved')).length, 1);
});

test('a switched instrument moves the day itself, and what has ended keeps the day it had', async () => {
	const request = await validated('2027-06-01');
	await act(request.id, 'ACKNOWLEDGED', '2027-06-01');
	const before = await show(request.id);
	assert.equal(clock(before, 'K3').due_on, '2027-06-22');
	const ended = before.deadlines.find(d => d.clock === 'K1');
	assert.deepEqual([ended.state, ended.due_on, ended.calendar], ['MET', '2027-06-22', 'FIXED_DAYS']);
	const loaded = ok(await admin.post('/v1/calendars', {instruments: {ssi_2016_357: 'BANK_HOLIDAYS_SCOTLAND'}}));
	assert.equal(loaded.instruments.ssi_2016_357, 'BANK_HOLIDAYS_SCOTLAND');
	assert.equal(loaded.instruments.ssi_2016_358, 'FIXED_DAYS');
	assert.equal(loaded.holidays.find(h => h.on === '2027-06-14').name, 'Another bank holiday', 'the list stays');
	ok(await admin.post(`/v1/calendars/${loaded.id}/apply`, {}), 200);
	const moved = await until(async () => {
		const now = await show(request.id);
		return clock(now, 'K3').due_on === '2027-06-23' && now;
	}, {what: 'the day to move'});
	assert.equal(clock(moved, 'K3').calendar, 'BANK_HOLIDAYS_SCOTLAND');
	assert.ok(clock(moved, 'K3').skipped.some(s => s.on === '2027-06-14' && s.why === 'Another bank holiday'));
	assert.deepEqual(moved.deadlines.find(d => d.clock === 'K1'), ended);
	// An act after it counts by the same calendars, and still does not touch what has ended.
	const later = await act(request.id, 'NOTICES_ISSUED', '2027-06-01', {representations_close_on: '2027-07-01'});
	assert.deepEqual(later.deadlines.find(d => d.clock === 'K1'), ended);
	// A request made from now on is counted by them from the start.
	const fresh = await validated('2027-06-01');
	assert.equal(clock(fresh, 'K3').due_on, '2027-06-23');
	assert.equal((await events(fresh.id, 'deadline.moved')).length, 0);
});

test('a preview goes over every running request, 200 a page, as the register stands', async () => {
	const waiting = [];
	for (let i = 0; i < 205; i++) // each on land of its own: none is told of the others
		waiting.push(ok(await admin.post('/v1/requests', {land: {authority_id: council.id, description: `Wood ${i}`}, community_body_id: body.id, kind: 'OWNERSHIP',
			received_on: '2027-06-01', items: [{code: 'WRITING', received_on: '2027-06-01'}]}, {idempotency: `w${i}`})).id);
	const loaded = ok(await admin.post('/v1/calendars', {bank_holidays: scotland(['2027-06-14', 'Another bank holiday'], ['2027-06-16', 'One more still'])}));
	const pages = [];
	for (let next = loaded.links.moves; next;) {
		const page = ok(await admin.get(next), 200);
		pages.push(page.items);
		next = page.next;
	}
	const all = pages.flat();
	assert.equal(pages.length, 2, `${pages.map(p => p.length)}`);
	for (const id of waiting)
		assert.deepEqual(all.filter(m => m.request_id === id).map(m => [m.move.clock, m.move.due_on > m.move.was_due_on]), [['K2', true]], id);
	assert.deepEqual(all.map(m => m.request_id), all.map(m => m.request_id).sort());
	assert.deepEqual(all, loaded.moves, 'as it was when it was loaded');
	await act(waiting[0], 'WITHDRAW', '2027-06-01');
	assert.equal(ok(await admin.get(loaded.links.moves), 200).items.some(m => m.request_id === waiting[0]), false, 'what has ended since moves no more');
	problem(await anyone.get(loaded.links.moves), 401, 'unauthenticated');
	problem(await admin.get(`/v1/calendars/cal_${'z'.repeat(26)}/moves`), 404, 'not-found');
});

test('how long a clock runs is set from a day on, and moves nothing that came before it', async () => {
	const before = await validated('2027-06-01');
	const due = clock(before, 'K3').due_on;
	const row = (more = {}) => ({clocks: [{clock: 'K3', length: 10, from_on: '2027-06-02', ...more}]});
	problem(await admin.post('/v1/calendars', row({from_on: '2027-06-01'})), 422, 'invalid', '/clocks/0/from_on');
	problem(await admin.post('/v1/calendars', row({clock: 'K6'})), 422, 'invalid', '/clocks/0/clock');
	problem(await admin.post('/v1/calendars', row({length: 0})), 422, 'invalid', '/clocks/0/length');
	problem(await admin.post('/v1/calendars', {clocks: []}), 422, 'invalid', '/bank_holidays');
	problem(await (await admin.as((await makeKey(reg, {roles: {[council.id]: ['ADMIN', 'ESTATES']}})).key)).post('/v1/calendars', row()), 403, 'forbidden');
	const loaded = ok(await admin.post('/v1/calendars', row()));
	assert.deepEqual(loaded.moves, [], 'nothing that runs');
	ok(await admin.post(`/v1/calendars/${loaded.id}/apply`, {}), 200);
	assert.deepEqual(ok(await anyone.get(`/v1/calendars/${loaded.id}`), 200).clocks, row().clocks);
	const late = ok(await admin.post('/v1/calendars', {clocks: [{clock: 'K1', length: 5, from_on: '2027-06-02'}]}));
	assert.equal(late.clocks.length, 2, 'what was set stays');
	reg.daemon.setClock('2027-06-02T10:00:00Z');
	problem(await admin.post(`/v1/calendars/${late.id}/apply`, {}), 409, 'calendar-state');
	const after = clock(await validated('2027-06-02'), 'K3');
	assert.equal(after.due_on, '2027-06-17');
	assert.match(after.how.join(' '), /10 working days after that day.*this is what was set for clocks that begin on that day/);
	assert.equal(clock(await validated('2027-06-01'), 'K3').due_on, due, 'recorded later, and of the day before');
	assert.equal(clock(await show(before.id), 'K3').due_on, due);
	assert.equal((await events(before.id, 'deadline.moved')).length, 0);
});

test('a list that names a day no more says so before it stands, and takes back none that has passed', async () => {
	const stand = async list => ok(await admin.post(`/v1/calendars/${list.id}/apply`, {}), 200);
	const load = async (...days) => ok(await admin.post('/v1/calendars', {bank_holidays: scotland(...days.map(on => [on, `Extra ${on}`]))}));
	await stand(await load('2027-06-07', '2027-06-21', '2027-08-02'));
	const k8 = clock(await refused('2027-06-02'), 'K8');
	assert.equal(k8.late_after_on, '2027-07-01', 'two extra days');
	const early = await load('2027-06-21');
	assert.deepEqual(early.taken_back.map(d => d.on), ['2027-06-07'], 'the first Monday in August is a holiday by rule');
	reg.daemon.setClock('2027-06-08T10:00:00Z');
	const late = problem(await admin.post(`/v1/calendars/${early.id}/apply`, {}), 409, 'calendar-state');
	assert.match(late.detail, /has passed since it was loaded/);
	const again = await load('2027-06-21');
	assert.deepEqual(again.taken_back, []);
	assert.equal((await stand(again)).holidays.some(d => d.on === '2027-06-07'), true, 'what has passed stays');
});

test('a date in a year of which no list speaks is provisional, and settled once one does', async () => {
	reg.daemon.setClock('2027-12-20T10:00:00Z');
	admin = reg.daemon.client(await reg.daemon.adminKey());
	const before = await validated('2027-12-20'), k3 = clock(before, 'K3');
	assert.deepEqual([k3.provisional, k3.due_on > '2028-01-01', k3.how.some(s => /Not all holidays/.test(s))], [true, true, true]);
	const open = before.deadlines.filter(d => d.state === 'RUNNING' && d.provisional).map(d => d.clock).sort();
	const loaded = ok(await admin.post('/v1/calendars', {bank_holidays: scotland(['2028-08-07', 'Summer bank holiday'])}));
	assert.deepEqual(loaded.moves.filter(m => m.request_id === before.id), [], 'it moves none');
	ok(await admin.post(`/v1/calendars/${loaded.id}/apply`, {}), 200);
	const after = await until(async () => {
		const now = await show(before.id);
		return !clock(now, 'K3').provisional && now;
	}, {what: 'the dates to be settled'});
	assert.deepEqual([clock(after, 'K3').due_on, clock(after, 'K3').how.some(s => /Not all holidays/.test(s))], [k3.due_on, false]);
	assert.equal(after.version, before.version + open.length, 'who kept a copy hears of it');
	const told = await events(before.id, 'deadline.settled');
	assert.deepEqual([told.map(e => e.data.clock).sort(), told.map(e => e.data.due_on).includes(k3.due_on)], [open, true]);
	assert.deepEqual(await events(before.id, 'deadline.moved'), []);
});

test('a page lists what is not confirmed, as assetctl does, with the lengths that are set today', async () => {
	const page = (await anyone.get('/rules')).text.replace(/&#39;/g, "'").replace(/<[^>]+>/g, '\n');
	const lines = page.split('\n').map(line => line.trim()).filter(Boolean), from = what => lines.slice(lines.indexOf(what));
	const rows = (await run(ASSETCTL, ['rules'])).stdout.trim().split('\n').map(line => line.split('\t'));
	const of = kind => rows.filter(row => row[0] === kind);
	assert.deepEqual(of('item').map(row => row[1]), Array.from({length: 22}, (_, i) => String(i + 1)));
	for (const [, number, , said, where] of of('item')) {
		const [name, until_, at] = from(lines.find(line => line.startsWith(`${number}. `)));
		assert.deepEqual([`${name.replace(`${number}. `, '')}: ${until_}`, at], [said, where]);
	}
	for (const [, id, , name, citation, length] of of('clock')) {
		const [, long, , law] = from(`${name} (${id})`);
		assert.deepEqual([long.replace(', a setting', ''), law], [id === 'K3' ? '10 working days after' : length, citation], id);
	}
	const moves = from('What happens to a request by a rule of which a part is not confirmed (U)');
	const shown = of('move').map((_, i) => moves.slice(5 + 4 * i, 9 + 4 * i));
	assert.deepEqual(shown.map(([row, , mark, law]) => [row, mark, law]), of('move').map(([, row, mark, , law]) => [row, mark, law]));
	assert.deepEqual(shown.filter(([, said]) => !/^[A-Z][a-z ].*\.$/.test(said)), [], 'in words');
	assert.ok((await anyone.get('/calendars')).text.includes('href="/rules"'));
});
