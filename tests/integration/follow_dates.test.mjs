// Dates that somebody is told of: as iCalendar, read by ical.js, which is not ours, and in the letter that officers get on Mondays.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import ICAL from 'ical.js';
import {makeKey, ok, problem, startMail, startRegister, until} from '../harness/index.mjs';

const BASE = 'https://register.example.scot';
const mail = await startMail();
const reg = await startRegister({clock: '2026-10-20T10:00:00Z', conf: {
	http: {base_url: BASE}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'}, pages: {name: 'Clàr of Glenfarg'},
}});
after(async () => {
	await reg.stop();
	await mail.stop();
});
const {admin, anyone, sql} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Glenfarg Council', kind: 'COUNCIL', code: 'T1'}));
const other = ok(await admin.post('/v1/authorities', {name: 'Other Council', kind: 'COUNCIL', code: 'T2'}));
const as = async (authority, ...roles) => admin.as((await makeKey(reg, {roles: {[authority.id]: roles}})).key);
const [estates, foreign] = [await as(council, 'ESTATES', 'DECIDER'), await as(other, 'ESTATES', 'ADMIN')];
const body = ok(await estates.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30})).id;

let n = 0, m = 0;
const newAsset = async (more = {}) => ok(await estates.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED', ...more})).id;
const act = async (id, event, on, more = {}) => ok(await estates.post(`/v1/requests/${id}/events`, {event, on, ...more}));
const newRequest = async (asset_id, received_on = '2026-10-01') => ok(await estates.post('/v1/requests', {asset_id, community_body_id: body, kind: 'LEASE', received_on}, {idempotency: `r${++n}`})).id;
const newAddress = () => `morag.${++m}@private.example`;
const follow = (email, question, rhythm, who) => who.post('/v1/follows', {email, question, rhythm});
const lettersTo = email => mail.letters.filter(l => l.to[0] === email);
const letterTo = (email, nth = 1) => until(() => lettersTo(email)[nth - 1], {what: `letter ${nth} to ${email}`});
const unfolded = letter => letter.text.replace(/\r\n/g, '\n');
/** Followed by an officer and confirmed → {email}. */
async function following(question, who) {
	const email = newAddress();
	ok(await follow(email, question, 'WEEKLY', who), 202);
	ok(await anyone.post('/v1/confirmations', {token: /\?token=(fol_[0-9a-z]{26}\.[0-9a-f]{32})/.exec(unfolded(await letterTo(email)))[1]}), 200);
	return {email};
}
const setClock = async moment => reg.daemon.setClock(moment);
/** A calendar → its entries by UID. */
async function read(path) {
	const reply = await anyone.get(path);
	assert.equal(reply.status, 200, reply.text);
	const calendar = new ICAL.Component(ICAL.parse(reply.text));
	assert.equal(calendar.getFirstPropertyValue('version'), '2.0');
	return new Map(calendar.getAllSubcomponents('vevent').map(e => new ICAL.Event(e)).map(e => [e.uid, {sequence: e.sequence, on: e.startDate.toString(),
		summary: e.summary, status: e.component.getFirstPropertyValue('status'), url: e.component.getFirstPropertyValue('url')}]));
}

test('on Monday an officer is told what is due and overdue, and one who has left is forgotten', async () => {
	const id = await newRequest(await newAsset({published: false, name: 'Closed depot'}));
	await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
	await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'});
	problem(await follow(newAddress(), `authority_id=${council.id}`, 'WEEKLY', anyone), 401, 'unauthenticated');
	problem(await follow(newAddress(), `authority_id=${council.id}`, 'WEEKLY', foreign), 403, 'forbidden');
	problem(await follow(newAddress(), `asset_id=${await newAsset()}`, 'WEEKLY', estates), 422, 'invalid', '/rhythm');
	problem(await follow(newAddress(), 'q=hall', 'WEEKLY', estates), 422, 'invalid', '/rhythm');
	const leaver = await makeKey(reg, {roles: {[council.id]: ['VIEWER']}});
	const officer = await following(`authority_id=${council.id}`, estates);
	const gone = await following(`authority_id=${council.id}`, admin.as(leaver.key));
	await sql('delete from assetd.principal_role where principal_id = (select principal_id from assetd.follow where email = $1)', [gone.email]);
	await setClock('2027-03-29T06:30:00Z');
	const letter = await letterTo(officer.email, 2), text = unfolded(letter);
	assert.match(letter.head.subject, /^\d+ requests? with something due or overdue, Glenfarg Council$/);
	assert.match(text, /ATR-2026-\d+, Closed depot, for Hall Trust: /);
	assert.match(text, /- (OVERDUE since|Due) \d+ \w+ 202\d \(.*\): /);
	assert.ok(!text.includes('Other'));
	await until(async () => !(await sql('select 1 from assetd.follow where email = $1', [gone.email])).length, {what: 'the leaver to be forgotten'});
	assert.equal(lettersTo(gone.email).length, 1);
	const next = async () => (await sql('select due_at from assetd.follow where email = $1', [officer.email]))[0].due_at.toISOString();
	await until(async () => await next() > '2027-03-29', {what: 'the letter to be entered as sent'});
	assert.equal(await next(), '2027-04-05T06:00:00.000Z');
});

test('on a Monday on which nothing is due an officer is told so, lest a letter that was lost look like it', async () => {
	await setClock('2027-03-29T10:00:00Z');
	const idle = ok(await admin.post('/v1/authorities', {name: 'Idle Council', kind: 'COUNCIL', code: 'T3'}));
	const officer = await following(`authority_id=${idle.id}`, await as(idle, 'ESTATES'));
	await setClock('2027-04-05T06:30:00Z');
	const letter = await letterTo(officer.email, 2);
	assert.equal(letter.head.subject, 'Nothing due or overdue, Idle Council');
	assert.ok(unfolded(letter).includes(`No request has anything overdue, and none has anything due by 19 April 2027.\nAll of them, with what is due later: ${BASE}/requests\n`), unfolded(letter));
	await setClock('2027-03-29T10:00:00Z');
});

test('a date that moves keeps its UID and has a higher SEQUENCE, for a calendar of a request and of an authority', async () => {
	await setClock('2027-03-30T10:00:00Z');
	await act(await newRequest(await newAsset()), 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
	const id = ok(await estates.post('/v1/requests', {asset_id: await newAsset(), community_body_id: body, kind: 'LEASE', received_on: '2027-03-20'}, {idempotency: 'ics'})).id;
	await act(id, 'VALIDATE', '2027-03-20', {acknowledged_on: '2027-03-20'});
	await act(id, 'NOTICES_ISSUED', '2027-03-22', {representations_close_on: '2027-04-23'});
	const paths = [`/v1/feeds/dates.ics?request_id=${id}`, `/v1/feeds/dates.ics?authority_id=${council.id}`, `/v1/requests/${id}/deadlines.ics`];
	const before = await Promise.all(paths.map(read));
	const [uid, was] = [...before[0]].find(([, e]) => /epresentation/.test(e.summary) && e.on === '2027-04-23');
	const entry = ok(await estates.get(`/v1/requests/${id}/events`), 200).items.find(e => e.event === 'NOTICES_ISSUED');
	await act(id, 'CORRECT', '2027-03-30', {event_id: entry.id, reasons: 'Printed otherwise.', on: '2027-03-22', representations_close_on: '2027-04-26'});
	for (const [i, path] of paths.entries()) {
		assert.deepEqual(before[i].get(uid), was, path);
		const moved = (await read(path)).get(uid);
		assert.equal(moved.on, '2027-04-26', path);
		assert.ok(moved.sequence > was.sequence);
		assert.deepEqual([moved.status, moved.url], ['CONFIRMED', `${BASE}/requests/${id}`]);
	}
	assert.ok(before[1].size > before[0].size, 'the authority has other requests');
	assert.match(was.summary, /^ATR-\d+-\d+, Hall \d+: Representations$/, 'references are an authority\'s, and two have the same');
	// Also where the day is corrected from which it runs.
	const anew = ok(await estates.get(`/v1/requests/${id}/events`), 200).items.filter(e => e.event === 'NOTICES_ISSUED').at(-1);
	await act(id, 'CORRECT', '2027-03-30', {event_id: anew.id, reasons: 'Printed a day later.', on: '2027-03-23', representations_close_on: '2027-04-27'});
	for (const path of paths) {
		const later = (await read(path)).get(uid);
		assert.ok(later?.on === '2027-04-27' && later.sequence > was.sequence && later.status === 'CONFIRMED', `${path}: ${JSON.stringify(later)}`);
	}
});

/** So many requests more, as that one, each of them due `due_on` first; the last of them was changed last. */
const copies = (id, many, due_on) => sql(`begin; set local session_replication_role = replica; do $$
	declare
		names text := (select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns
			where table_schema = 'assetd' and table_name = 'request' and is_generated = 'NEVER' and identity_generation is null);
	begin
		execute format('insert into assetd.request (%s) select %s from (select (jsonb_populate_record(r, jsonb_build_object(''id'', ''atr_'' || lpad(n::text, 26, ''0''),
			''reference_number'', 100000 + n, ''updated_at'', r.updated_at + n * interval ''1 second'',
			''deadlines'', (select jsonb_agg(d || jsonb_build_object(''due_on'', ''${due_on}'')) from jsonb_array_elements(r.deadlines) as d where d ->> ''state'' = ''RUNNING'')))).*
			from assetd.request as r, generate_series(1, ${many}) as n where r.id = ''${id}'') as x', names, names);
	end $$; commit`);

test('a calendar of more requests than it takes has those with the nearest dates, and says that there are more', async () => {
	await setClock('2026-10-20T10:00:00Z');
	const soon = await newRequest(await newAsset()), late = await newRequest(await newAsset());
	for (const id of [soon, late]) {
		await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
		await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'});
	}
	const path = `/v1/feeds/dates.ics?authority_id=${council.id}`, requests = entries => new Set([...entries.keys()].filter(uid => uid.startsWith('atr_')).map(uid => uid.slice(0, 30)));
	const [{open}] = await sql(`select count(*)::int as open from assetd.request as r where r.authority_id = $1 and r.published`, [council.id]);
	await copies(late, 1000 - open, '2028-01-10');
	const whole = await read(path);
	assert.equal(requests(whole).size, 1000);
	assert.ok(!whole.has(path), 'nothing is missing');
	await sql(`delete from assetd.request where reference_number > 100000`);
	await copies(late, 1001 - open, '2028-01-10');
	const cut = await read(path);
	assert.equal(requests(cut).size, 1000);
	assert.ok(requests(cut).has(soon), 'what is due first, though all others were changed since');
	assert.equal(cut.get(path).on, '2026-10-20');
	assert.match(cut.get(path).summary, /^Not all dates are shown: only of the 1000 requests with the nearest$/);
});
