// Time acts by itself: on the London day, once, whoever looks and however long nobody could.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, test} from 'node:test';
import {MATTERS, assertSound, ok, prepareDaemon, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-01-05T10:00:00Z'});
after(() => reg.stop());
const {anyone} = reg;
let {admin} = reg;

let n = 0;
const act = async (id, event, on, more = {}) => ok(await admin.post(`/v1/requests/${id}/events`, {event, on, ...more}));
const show = async id => ok(await anyone.get(`/v1/requests/${id}`), 200);
const told = async (id, more = '%') => (await reg.sql(`select type, data, actor_kind, actor from assetd.change where subject = $1 and type like $2
	order by subject_seq`, [id, more]));
const ledger = async id => (await reg.sql(`select event, happened_on, actor_kind from assetd.request_event where request_id = $1
	and superseded_by is null order by number`, [id])).map(e => `${e.happened_on} ${e.event} ${e.actor_kind}`);
const inState = (id, state) => until(async () => {
	const now = await show(id);
	return now.state === state && now;
}, {what: `${id} to be ${state}`});
/** Every request is as of now: nothing is due that is not noted as impossible for the moment. */
const settled = () => until(async () => (await reg.sql(`select count(*)::int as n from assetd.request as r where look_on <= $1
	and not exists (select from assetd.request_trouble as t where t.request_id = r.id and t.work = 'TICK' and t.version = r.version)`, [reg.today]))[0].n === 0,
{what: 'time to have acted'});
/** It is that moment now, for every daemon of the register. */
const move = moment => {
	reg.today = moment.slice(0, 10);
	reg.daemon.setClock(moment);
};
/** A key lasts a year, and some of these tests lie years apart. */
const moveFar = async moment => {
	move(moment);
	admin = reg.daemon.client(await reg.daemon.adminKey());
};
reg.today = '2026-01-05';

const council = ok(await admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
const TERMS = {terms: 'as asked', matters: MATTERS};

/** The part of each hall, which shows what bars the hall. */
const parts = [];
async function validated(on, more = {}) {
	const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED'}));
	parts.push(ok(await admin.post('/v1/assets', {authority_id: council.id, name: `Shed ${n}`, class: 'SHED', tenure: 'OWNED', part_of: asset.id})));
	const made = ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: on, ...more},
		{idempotency: `q${n}`}));
	return act(made.id, 'VALIDATE', on);
}

test('a request with an item missing has its clock from the start', async () => {
	const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Lodge', class: 'LODGE', tenure: 'OWNED'}));
	const r = ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-01-05',
		items: [{code: 'NAME', received_on: '2026-01-05'}]}, {idempotency: 'lodge'}));
	assert.deepEqual(r.deadlines.map(d => [d.clock, d.due_on, d.state]), [['K2', '2026-01-26', 'RUNNING']]);
	move('2026-01-27T00:01:00Z');
	await until(async () => (await show(r.id)).deadlines[0].state === 'MISSED', {what: 'the day to have passed'});
	assert.match((await anyone.get(`/requests/${r.id}`)).text, /next--late[^]*Next date<\/dt> <dd><span class="next__date">26 January 2026<\/span>[^<]*: Notice of missing/);
	assert.match((await anyone.get('/requests?show=overdue')).text, /26 January 2026/);
	assert.equal(ok(await anyone.get('/v1/requests?overdue=true'), 200).items.length, 1);
});

test('silence: told a week ahead, missed, no decision on the due date, and the right that opens', async () => {
	const {id, asset_id} = await validated('2026-01-05');
	await act(id, 'ACKNOWLEDGED', '2026-01-05');
	await act(id, 'NOTICES_ISSUED', '2026-01-05', {representations_close_on: '2026-02-04'});
	move('2026-01-28T00:01:00Z'); // a week before the closing date
	await until(async () => (await told(id, 'deadline.approaching')).length === 1, {what: 'the closing date to approach'});
	move('2026-02-05T00:01:00Z');
	await inState(id, 'UNDER_ASSESSMENT');
	move('2026-06-27T22:58:00Z'); // 23:58 in London
	await settled();
	assert.equal((await told(id, 'deadline.approaching')).length, 1);
	move('2026-06-27T23:01:00Z'); // the 28th in London, a week before 5 July
	await until(async () => (await told(id, 'deadline.approaching')).length === 2, {what: 'the decision to approach'});
	move('2026-07-05T22:58:00Z');
	await settled();
	assert.equal((await show(id)).state, 'UNDER_ASSESSMENT', 'the whole of the day is left for a notice');
	const before = (await show(id)).version;
	move('2026-07-05T23:01:00Z');
	const silent = await inState(id, 'NO_DECISION');
	assert.deepEqual([silent.state_on, silent.version], ['2026-07-05', before + 2]);
	const k9 = silent.deadlines.find(d => d.clock === 'K9');
	assert.deepEqual([k9.starts_on, k9.due_on, k9.state], ['2026-07-05', '2026-07-31', 'RUNNING']);
	move('2026-08-04T10:00:00Z');
	await settled();
	const after = await show(id);
	assert.deepEqual([after.state, after.flags], ['NO_DECISION', ['CHALLENGE_LAPSED']]);
	assert.equal(ok(await anyone.get(`/v1/assets/${asset_id}`), 200).disposal.allowed, false, 'the bar runs on');
	// Validated and acknowledged as of weeks ago: that the days for it had passed may be told of in between.
	const events = (await told(id)).filter(e => !['K1', 'K2', 'K3'].includes(e.data.clock));
	assert.deepEqual(events.slice(4).map(e => [e.type, e.data.clock ?? e.data.state, e.data.on]), [
		['deadline.approaching', 'K4', '2026-01-28'], ['request.representations_closed', 'UNDER_ASSESSMENT', '2026-02-04'],
		['deadline.approaching', 'K6', '2026-06-28'], ['deadline.missed', 'K6', '2026-07-05'], ['request.no_decision', 'NO_DECISION', '2026-07-05'],
		['deadline.approaching', 'K9', '2026-07-24'], ['request.right_lapsed', 'NO_DECISION', '2026-07-31']]);
	assert.ok(events.slice(4).every(e => e.actor_kind === 'SYSTEM' && e.actor === null));
	assert.equal(events.at(4).data.whose, 'ANYBODY');
	await act(id, 'CLOSE', '2026-08-04', {reasons: 'nobody came back'});
});

test('three weeks without a daemon: each event on its day and in order, as if nobody had been away', async () => {
	await moveFar('2026-08-05T10:00:00Z');
	const refused = await validated('2026-08-05');
	await act(refused.id, 'NOTICES_ISSUED', '2026-08-05', {representations_close_on: '2026-09-03'});
	const waiting = await validated('2026-08-05');
	const shed = parts.at(-2);
	assert.equal(ok(await anyone.get(`/v1/assets/${shed.id}`), 200).disposal.allowed, false);
	move('2026-09-04T09:00:00Z');
	await inState(refused.id, 'UNDER_ASSESSMENT');
	await act(refused.id, 'REFUSE', '2026-09-04', {grounds: [{matter: 'H', text: 'It is needed for the school.'}]});
	await reg.daemon.stop();
	move('2026-10-05T09:00:00Z');
	await reg.daemon.start();
	const closed = await inState(refused.id, 'CLOSED_REFUSED');
	assert.deepEqual([closed.state_on, closed.bar.to_on, closed.allowed], ['2026-10-01', '2026-10-01', []]);
	assert.equal(ok(await anyone.get(`/v1/assets/${refused.asset_id}`), 200).disposal.allowed, true, 'the asset is free again, and shows it');
	assert.equal(ok(await anyone.get(`/v1/assets/${shed.id}`), 200).disposal.allowed, true, 'and so is its part');
	assert.deepEqual((await told(refused.id)).slice(-2).map(e => [e.type, e.data.on]),
		[['deadline.approaching', '2026-09-24'], ['request.right_lapsed', '2026-10-01']]);
	assert.deepEqual((await ledger(refused.id)).at(-1), '2026-10-01 RIGHT_LAPSED SYSTEM');
	await settled();
	assert.deepEqual((await told(waiting.id, 'deadline.%')).map(e => [e.type.slice(9), e.data.clock, e.data.on]),
		[['approaching', 'K1', '2026-08-19'], ['approaching', 'K3', '2026-08-19'], ['missed', 'K1', '2026-08-26'], ['missed', 'K3', '2026-08-26']]);
	const states = r => r.deadlines.map(d => [d.clock, d.state]);
	const late = await show(waiting.id);
	assert.deepEqual(states(late), [['K6', 'RUNNING'], ['K1', 'MISSED'], ['K3', 'MISSED']]);
	assert.deepEqual(states(ok(await anyone.get(`/v1/requests/${waiting.id}?valid_on=2026-08-26`), 200)).at(1), ['K1', 'RUNNING']);
	const page = (await anyone.get(`/requests/${waiting.id}`)).text;
	assert.match(page, /Acknowledgement: 26 August 2026, <span>not done in time<\/span>/);
	const overdue = ok(await anyone.get('/v1/requests?overdue=true'), 200).items.map(r => r.id);
	assert.ok(overdue.includes(waiting.id));
	assert.match((await anyone.get(`/v1/requests/${waiting.id}/deadlines.ics`)).text, /SUMMARY:[^\n]*Acknowledgement/);
	assert.deepEqual(states(await act(waiting.id, 'ACKNOWLEDGED', '2026-10-05')), states(late), 'done late is missed still');
	const [told_of] = await reg.sql(`select id from assetd.request_event where request_id = $1 and event = 'ACKNOWLEDGED'`, [waiting.id]);
	assert.deepEqual(states(await act(waiting.id, 'CORRECT', '2026-08-26', {event_id: told_of.id, reasons: 'typed wrongly'})),
		[['K6', 'RUNNING'], ['K1', 'MET'], ['K3', 'MISSED']]);
	assert.equal((await told(waiting.id, 'deadline.missed')).length, 2, 'told once');
});

test('an offer that never came, and a contract that was not concluded', async () => {
	const agreed = async () => {
		const {id} = await validated('2026-10-05');
		await act(id, 'NOTICES_ISSUED', '2026-10-05', {representations_close_on: '2026-11-02'});
		return id;
	};
	const [lapses, fails] = [await agreed(), await agreed()];
	move('2026-11-03T10:00:00Z');
	for (const id of [lapses, fails]) {
		await inState(id, 'UNDER_ASSESSMENT');
		await act(id, 'AGREE', '2026-11-03', TERMS);
	}
	await act(fails, 'OFFER', '2026-11-03');
	move('2027-05-03T00:01:00Z');
	await inState(fails, 'NO_CONTRACT');
	move('2027-05-03T23:01:00Z');
	await inState(lapses, 'LAPSED_NO_OFFER');
	move('2027-05-19T00:01:00Z');
	await inState(fails, 'LAPSED_NO_CONTRACT');
	assert.deepEqual((await told(fails)).slice(-4).map(e => [e.type, e.data.on]), [['deadline.approaching', '2027-04-25'],
		['request.no_contract', '2027-05-02'], ['deadline.approaching', '2027-05-07'], ['request.lapsed', '2027-05-17']]);
	assert.equal((await told(fails, 'deadline.missed')).filter(e => e.data.clock === 'K19').length, 0, 'a period of both is nobody\'s duty');
});

test('a challenge against silence sent on the last day itself is kept, and takes effect when the day has ended', async () => {
	await moveFar('2027-05-20T10:00:00Z');
	const {id} = await validated('2026-11-20');
	const kept = await act(id, 'REVIEW_APPLIED', '2027-05-20');
	assert.deepEqual([kept.state, kept.flags], ['VALIDATED', ['CHALLENGE_ON_LAST_DAY']]);
	move('2027-05-20T23:01:00Z'); // the 21st in London
	const under = await inState(id, 'UNDER_REVIEW');
	assert.equal(under.state_on, '2027-05-20');
	assert.equal(under.deadlines.find(d => d.clock === 'K14').due_on, '2027-11-20');
	assert.deepEqual((await ledger(id)).slice(-3), ['2027-05-20 REVIEW_APPLIED AUTHORITY', '2027-05-20 NO_DECISION SYSTEM', '2027-05-20 REVIEW_APPLIED SYSTEM']);
	// A notice of that day, typed in next morning, was no silence: nothing is under review.
	await act(id, 'EXTEND', '2027-05-20', {until_on: '2027-09-01'});
	assert.equal((await show(id)).state, 'VALIDATED');
});

test('two daemons, and the one that acts is killed in the midst: each event once', async () => {
	await moveFar('2027-06-01T10:00:00Z');
	const ids = [];
	for (let i = 0; i < 24; i++)
		ids.push((await validated('2027-06-01')).id);
	const second = await prepareDaemon(reg.cluster, {migrate: false, env: {ASSETD_CLOCK_FILE: reg.daemon.clockFile}});
	await second.start();
	try {
		move('2028-01-20T10:00:00Z');
		await until(async () => (await reg.sql(`select count(*)::int as n from assetd.request where state = 'NO_DECISION' and id = any ($1)`, [ids]))[0].n > 3,
			{what: 'some to be moved'});
		await reg.daemon.kill();
		await settled();
		for (const id of ids) {
			const types = (await told(id)).map(e => `${e.type} ${e.data.clock ?? ''} ${e.data.on ?? ''}`);
			assert.deepEqual(types.slice(2), ['deadline.approaching K1 2027-06-15', 'deadline.approaching K3 2027-06-15', 'deadline.missed K1 2027-06-22',
				'deadline.missed K3 2027-06-22', 'deadline.approaching K6 2027-11-24', 'deadline.missed K6 2027-12-01', 'request.no_decision  2027-12-01',
				'deadline.approaching K9 2027-12-21', 'request.right_lapsed  2027-12-30'], id);
		}
	} finally {
		await second.stop();
		await reg.daemon.start();
	}
});

test('how long ahead is told is read again on SIGHUP, for what runs already too', async () => {
	await moveFar('2028-01-25T10:00:00Z');
	const {id} = await validated('2028-01-25');
	const ahead = days => {
		const text = fs.readFileSync(reg.daemon.confFile, 'utf8').replace(/\n\[deadlines\]\napproaching_days = \d+\n/, '');
		fs.writeFileSync(reg.daemon.confFile, `${text}\n[deadlines]\napproaching_days = ${days}\n`);
		process.kill(reg.daemon.process.pid, 'SIGHUP');
	};
	const [{due_on}] = (await show(id)).deadlines.filter(d => d.clock === 'K1');
	assert.equal(due_on, '2028-02-15');
	move('2028-01-31T10:00:00Z');
	await settled();
	assert.deepEqual(await told(id, 'deadline.approaching'), []);
	ahead(15);
	await until(async () => (await told(id, 'deadline.approaching')).length === 2, {what: 'K1 and K3 to approach'});
	assert.deepEqual((await told(id, 'deadline.approaching')).map(e => [e.data.clock, e.data.on]), [['K1', '2028-01-31'], ['K3', '2028-01-31']]);
	const later = await validated('2028-01-31'); // an act between: the worker has read it too
	assert.equal((await reg.sql('select look_on from assetd.request where id = $1', [later.id]))[0].look_on, '2028-02-06');
	ahead(7);
});

test('one that cannot be moved holds up nobody, is not tried every second, and goes on when it is mended', async () => {
	await moveFar('2028-02-01T10:00:00Z');
	const [broken, sound] = [(await validated('2028-02-01')).id, (await validated('2028-02-01')).id];
	await reg.sql(`create function assetd.break_it() returns trigger language plpgsql as $$ begin raise exception 'broken for a test'; end $$`);
	await reg.sql(`create trigger break_it before update on assetd.request for each row when (new.id = '${broken}') execute function assetd.break_it()`);
	move('2028-08-02T10:00:00Z');
	await inState(sound, 'NO_DECISION');
	const trouble = () => reg.sql('select failures, version from assetd.request_trouble where request_id = $1', [broken]);
	await until(async () => (await trouble()).length, {what: 'the failure to be noted'});
	// A dozen further looks: the other one is moved by one of them, this one is left in peace.
	const third = await validated('2028-08-02');
	move('2028-08-02T10:00:30Z');
	await act(third.id, 'ACKNOWLEDGED', '2028-08-02');
	const [{oldest}] = await reg.sql('select min(look_on) as oldest from assetd.request where id = $1', [broken]);
	await until(async () => (await reg.daemon.metrics()).assetd_clock_failing_requests === 1, {what: 'the gauge'});
	const lag = (await reg.daemon.metrics()).assetd_clock_lag_seconds;
	assert.ok(Math.abs(lag - (Date.parse('2028-08-02T10:00:30Z') - Date.parse(oldest)) / 1000) < 30, `${lag} since ${oldest}`);
	assert.deepEqual((await trouble()).map(t => t.failures), [1]);
	assert.equal((await show(broken)).state, 'VALIDATED');
	move('2028-08-02T10:02:00Z');
	await until(async () => (await trouble())[0].failures === 2, {what: 'the second try, a minute later'});
	move('2028-08-02T09:02:00Z');
	await until(async () => (await trouble())[0].failures === 3, {what: 'the third, though by that clock the next is an hour ahead'});
	await reg.sql('drop trigger break_it on assetd.request');
	move('2028-08-02T10:10:00Z');
	await inState(broken, 'NO_DECISION');
	await until(async () => (await reg.daemon.metrics()).assetd_clock_lag_seconds === 0, {what: 'nothing to wait'});
});

test('a recount that fails is let be too', async () => {
	await moveFar('2028-09-01T10:00:00Z');
	const {id} = await validated('2028-09-01');
	await reg.sql(`create trigger break_it before update on assetd.request for each row when (new.id = '${id}') execute function assetd.break_it()`);
	const loaded = ok(await admin.post('/v1/calendars', {instruments: {ssi_2016_357: 'BANK_HOLIDAYS_SCOTLAND'}}));
	ok(await admin.post(`/v1/calendars/${loaded.id}/apply`, {}), 200);
	await until(async () => (await reg.sql(`select from assetd.request_trouble where request_id = $1 and work = 'RECOUNT'`, [id])).length,
		{what: 'the failure to be noted'});
	await until(async () => (await reg.sql(`select count(*)::int as n from assetd.request where calendar_version is distinct from $1
		and deadlines @? '$[*] ? (@.state == "RUNNING")'`, [loaded.id]))[0].n === 1, {what: 'all others to be counted'});
	await reg.sql('drop trigger break_it on assetd.request');
	move('2028-09-01T10:03:00Z');
	await until(async () => (await reg.sql('select calendar_version as v from assetd.request where id = $1', [id]))[0].v === loaded.id,
		{what: 'the recount to go on'});
});

test('the day of the next look is what the engine says, and the look reads an index', async () => {
	await settled();
	// Looked at again without anything to do, each gets the same day from the engine.
	const days = () => reg.sql('select id, look_on, version from assetd.request order by id');
	const kept = await days();
	assert.ok(kept.some(r => r.look_on === null) && kept.some(r => r.look_on > reg.today) && !kept.some(r => r.look_on !== null && r.look_on <= reg.today));
	await reg.cluster.session(db => db.query(`set session_replication_role = replica; update assetd.request set look_on = '-infinity'`), {database: reg.database});
	await settled();
	assert.deepEqual(await days(), kept);
	const plan = await reg.cluster.session(async db => {
		await db.query('set search_path = assetd, public; set enable_seqscan = off');
		return (await db.query(`explain select id from request where look_on <= '2028-01-01' order by look_on, id limit 8`)).rows.map(r => r['QUERY PLAN']).join('\n');
	});
	assert.match(plan, /request_look/);
	assert.doesNotMatch(plan, /Sort/);
});

test('a wall clock that jumps an hour back, two on and ten years back does nothing early, late or twice', async () => {
	await moveFar('2036-03-29T22:30:00Z'); // the clocks go forward that night
	const {id} = await validated('2036-03-29');
	const asked = (await validated('2036-03-29')).id;
	await settled();
	/** The daemon has looked at this request by its new clock, whether or not there was anything to do. */
	const looked = async () => {
		await reg.sql(`update assetd.request set look_on = '2000-01-01' where id = $1`, [id]);
		await until(async () => (await reg.sql(`select from assetd.request where id = $1 and look_on > '2000-01-01'`, [id])).length, {what: 'a look'});
	};
	// The ten years that the clock has jumped to come here are closed meanwhile, one by one.
	const changes = async () => (await reg.sql(`select count(*)::int as n from assetd.change where type <> 'run.frozen'`))[0].n;
	const before = await changes(), said = reg.daemon.logLines().length;
	for (const moment of ['2036-03-29T21:30:00Z', '2036-03-30T00:30:00Z', '2036-03-30T01:30:00Z', '2026-03-30T01:30:00Z', '2036-03-30T02:30:00Z']) {
		move(moment);
		await looked();
	}
	assert.equal(await changes(), before, 'nothing happened');
	assert.ok(reg.daemon.logLines().length - said < 50, reg.daemon.log().slice(-4000));
	move('2036-09-29T22:59:00Z'); // 23:59 in London, on the last day
	await settled();
	await looked();
	const {state, deadlines} = await show(id);
	assert.deepEqual([state, deadlines.find(d => d.clock === 'K6').due_on], ['VALIDATED', '2036-09-29']);
	// Nor does an act make the last day end early: who challenges silence on it waits, by a clock that goes back too.
	const kept = await act(asked, 'REVIEW_APPLIED', '2036-09-29');
	assert.deepEqual([kept.state, kept.flags], ['VALIDATED', ['CHALLENGE_ON_LAST_DAY']]);
	move('2036-09-29T21:59:00Z');
	await looked();
	assert.deepEqual([(await show(asked)).state, (await show(id)).state], ['VALIDATED', 'VALIDATED']);
	move('2036-09-29T23:00:30Z'); // the 30th has begun
	await inState(id, 'NO_DECISION');
	assert.deepEqual((await ledger(id)).slice(-1), ['2036-09-29 NO_DECISION SYSTEM']);
	await inState(asked, 'UNDER_REVIEW');
	assert.deepEqual((await ledger(asked)).slice(-2), ['2036-09-29 NO_DECISION SYSTEM', '2036-09-29 REVIEW_APPLIED SYSTEM']);
});

test('after all of this the register is sound', () => assertSound(reg));
