// A case through the door: who deals with it, what is noted, which notices are due, and a decision that
// one person proposes and another approves, whatever the two try at once.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {MATTERS, assertSound, makeKey, ok, openSession, problem, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

let n = 0;
const council = ok(await admin.post('/v1/authorities', {name: 'Test Council', kind: 'COUNCIL', code: 'T1'}));
const board = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'T2'}));
const person = async (at, ...roles) => {
	const made = await makeKey(reg, {roles: {[at]: roles}});
	const who = admin.as(made.key);
	who.id = ok(await who.get('/v1/whoami'), 200).principal_id;
	return who;
};
const estates = await person(council.id, 'ESTATES'), one = await person(council.id, 'ESTATES', 'DECIDER'), two = await person(council.id, 'DECIDER');
const viewer = await person(council.id, 'VIEWER', 'FINANCE'), boss = await person(council.id, 'ADMIN');
const stranger = await person(board.id, 'ESTATES', 'DECIDER', 'ADMIN');
const body = ok(await estates.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30}));

const GROUNDS = {grounds: [{matter: 'H', text: 'The school needs it.'}]};
const REFUSE = {event: 'REFUSE', on: '2026-10-30', ...GROUNDS};
const act = async (id, event, on, more = {}) => ok(await estates.post(`/v1/requests/${id}/events`, {event, on, ...more}));
async function assessed() {
	const asset = ok(await estates.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED'}));
	const {id} = ok(await estates.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: `c${n}`}));
	await act(id, 'VALIDATE', '2026-10-01');
	return act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'});
}
const case_ = async (id, who = one) => ok(await who.get(`/v1/requests/${id}/case`), 200);
const settings = `/v1/authorities/${council.id}/settings`;
let settled = 0;
/** Whether decisions of the council need a second person, from now on. */
const settle = async second_person => {
	const reply = await boss.put(settings, {second_person}, settled++ ? {match: '*'} : {headers: {'If-None-Match': '*'}});
	assert.ok([200, 201].includes(reply.status), reply.text);
};
const state = async id => ok(await anyone.get(`/v1/requests/${id}`), 200).state;

test('a case has an officer, and remembers those before', async () => {
	const {id} = await assessed();
	assert.equal((await case_(id)).officer, null);
	ok(await estates.post(`/v1/requests/${id}/officers`, {principal_id: two.id}));
	const after = ok(await one.post(`/v1/requests/${id}/officers`, {principal_id: one.id}));
	assert.equal(after.officer.principal_id, one.id);
	assert.deepEqual(after.officers.map(o => [o.number, o.principal_id, o.assigned_by]), [[1, two.id, estates.id], [2, one.id, one.id]]);
	assert.ok(after.officer.name.length > 0);
	assert.deepEqual(after.colleagues.map(c => c.principal_id).sort().filter(p => [estates.id, one.id, two.id, viewer.id].includes(p)), [estates.id, one.id, two.id].sort());
	for (const wrong of [viewer.id, stranger.id, `prn_${'0'.repeat(26)}`])
		problem(await one.post(`/v1/requests/${id}/officers`, {principal_id: wrong}), 422, 'invalid', '/principal_id');
	assert.equal(ok(await one.post(`/v1/requests/${id}/officers`, {})).officer, null, 'nobody any more');
	problem(await one.post(`/v1/requests/${id}/officers`, {}, {match: '"1-o"'}), 412, 'stale');
});

test('notes are the officers\' alone, and stay', async () => {
	const {id} = await assessed();
	ok(await estates.post(`/v1/requests/${id}/notes`, {text: 'Rang the trust.\nSecret word.'}));
	const noted = ok(await one.post(`/v1/requests/${id}/notes`, {text: 'Second'}));
	assert.deepEqual(noted.notes.map(x => [x.number, x.text, x.written_by]), [[1, 'Rang the trust.\nSecret word.', estates.id], [2, 'Second', one.id]]);
	problem(await one.post(`/v1/requests/${id}/notes`, {text: ' '}), 422, 'invalid', '/text');
	problem(await one.post(`/v1/requests/${id}/notes`, {text: 'x'.repeat(10001)}), 422, 'invalid', '/text');
	problem(await stranger.get(`/v1/requests/${id}/case`), 404, 'not-found');
	problem(await viewer.get(`/v1/requests/${id}/case`), 403, 'forbidden');
	problem(await anyone.get(`/v1/requests/${id}/case`), 401, 'unauthenticated');
	for (const who of [anyone, stranger, viewer, one]) {
		for (const path of ['', '/events', '/history', '/notices'])
			assert.doesNotMatch((await who.get(`/v1/requests/${id}${path}`)).text, /Secret word/, path);
	}
	const told = await reg.sql(`select type, is_public, data from assetd.change where subject = $1 and type like 'case.%'`, [id]);
	assert.deepEqual(told.map(t => [t.type, t.is_public]), [['case.noted', false], ['case.noted', false]]);
	for (const change of ['update assetd.case_note set text = $2 where request_id = $1', 'delete from assetd.case_note where request_id = $1 and text <> $2'])
		await assert.rejects(reg.sql(change, [id, 'x']), /append-only/);
	const written = await Promise.all(Array.from({length: 8}, (_, i) => one.post(`/v1/requests/${id}/notes`, {text: `At once ${i}`})));
	assert.ok(written.every(r => r.status === 201), written.map(r => r.text).join('\n'));
	assert.deepEqual((await case_(id)).notes.map(x => x.number), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('which notices are due follows from what happened and what was issued', async () => {
	const {id} = await assessed();
	const due = async () => ok(await estates.get(`/v1/requests/${id}/notices-due`), 200).items.map(d => d.code);
	assert.deepEqual(await due(), ['N2', 'N3', 'N4']);
	const made = ok(await estates.post(`/v1/requests/${id}/notices`, {code: 'N2'}));
	assert.deepEqual(await due(), ['N2', 'N3', 'N4'], 'a draft is not a notice');
	ok(await estates.post(`/v1/requests/${id}/notices/${made.id}/issue`, {}), 200);
	ok(await one.post(`/v1/requests/${id}/events`, {event: 'REFUSE', on: '2026-10-30', ...GROUNDS}));
	assert.deepEqual(await due(), ['N3', 'N4', 'N7']);
	await act(id, 'REVIEW_APPLIED', '2026-11-02');
	ok(await one.post(`/v1/requests/${id}/events`, {event: 'REVIEW_DECIDED', on: '2026-11-03', outcome: 'CONFIRM'}));
	assert.deepEqual(await due(), ['N3', 'N4', 'N8', 'N7'], 'the decision on review stands in the first one\'s place');
	problem(await stranger.get(`/v1/requests/${id}/notices-due`), 403, 'forbidden');
	problem(await viewer.get(`/v1/requests/${id}/notices-due`), 403, 'forbidden');
});

test('settings are the authority\'s ADMIN\'s, and fill its notices', async () => {
	problem(await boss.get(settings), 404, 'not-found');
	problem(await estates.put(settings, {second_person: true}, {headers: {'If-None-Match': '*'}}), 403, 'forbidden');
	problem(await stranger.put(settings, {second_person: true}, {headers: {'If-None-Match': '*'}}), 403, 'forbidden');
	problem(await boss.put(settings, {second_person: true}), 428, 'precondition-required');
	await settle(false);
	problem(await boss.put(settings, {}, {headers: {'If-None-Match': '*'}}), 412, 'stale');
	problem(await boss.put(settings, {second_person: 'yes'}, {match: '*'}), 422, 'invalid', '/second_person');
	problem(await stranger.get(settings), 404, 'not-found');
	problem(await anyone.get(settings), 401, 'unauthenticated');
	const set = ok(await boss.put(settings, {inspect_at: 'Town House', respond_to: 'Write to us.'}, {match: '*'}), 200);
	assert.deepEqual([set.second_person, set.inspect_at, set.version], [false, 'Town House', 2]);
	const {id} = await assessed();
	assert.deepEqual(ok(await estates.post(`/v1/requests/${id}/notices`, {code: 'N4', gist: 'A hall'})).missing, [], 'said once for all');
	assert.equal(ok(await viewer.get(settings), 200).respond_to, 'Write to us.');
});

test('where it is wanted, no decision is made that another has not approved', async () => {
	await settle(true);
	const {id} = await assessed();
	problem(await one.post(`/v1/requests/${id}/events`, REFUSE), 409, 'approval-owed');
	assert.equal(await state(id), 'UNDER_ASSESSMENT');
	problem(await one.post(`/v1/requests/${id}/proposals`, {event: 'WITHDRAW', on: '2026-10-30'}), 422, 'invalid', '/event');
	problem(await one.post(`/v1/requests/${id}/proposals`, {event: 'REFUSE', on: '2026-10-30'}), 422, 'invalid', '/grounds');
	const [proposal] = ok(await one.post(`/v1/requests/${id}/proposals`, REFUSE)).proposals;
	assert.deepEqual([proposal.state, proposal.proposed_by, proposal.act.event], ['OPEN', one.id, 'REFUSE']);
	const door = `/v1/requests/${id}/proposals/${proposal.id}`;
	problem(await one.post(`${door}/approve`, {}), 409, 'approval-owed');
	problem(await estates.post(`${door}/approve`, {}), 403, 'forbidden');
	problem(await stranger.post(`${door}/approve`, {}), 403, 'forbidden');
	problem(await two.post(`/v1/requests/${id}/proposals/prp_${'0'.repeat(26)}/approve`, {}), 404, 'not-found');
	const decided = ok(await two.post(`${door}/approve`, {}));
	assert.equal(decided.state, 'REFUSED');
	problem(await two.post(`${door}/approve`, {}), 409, 'approval-owed');
	problem(await two.post(`${door}/reject`, {reasons: 'Too late'}), 409, 'approval-owed');
	const after = (await case_(id)).proposals[0];
	const {items} = ok(await one.get(`/v1/requests/${id}/events`), 200);
	assert.deepEqual([after.state, after.decided_by, after.event_id], ['APPROVED', two.id, items.at(-1).id]);
	assert.equal(items.at(-1).actor, two.id);
	assert.doesNotMatch((await anyone.get(`/v1/requests/${id}/history`)).text, /proposal/);
});

test('whatever ends a request against the body by the authority\'s own choice is such a decision', async () => {
	const asset = ok(await estates.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED'}));
	const received = async () => ok(await estates.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: `c${++n}`}));
	const silent = ok(await estates.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-01-05'}, {idempotency: `c${++n}`}));
	ok(await estates.post(`/v1/requests/${silent.id}/events`, {event: 'VALIDATE', on: '2026-01-05'}));
	const reasons = 'Its members do not come from there.';
	for (const [r, sent, state] of [
		[await received(), {event: 'INELIGIBLE', on: '2026-10-02', reasons}, 'INELIGIBLE'],
		[await received(), {event: 'DECLINE_REPEAT', on: '2026-10-02', reasons, earlier: 'The one of 2025.'}, 'DECLINED_REPEAT'],
		[silent, {event: 'CLOSE', on: '2026-11-20', reasons}, 'CLOSED_NO_DECISION'],
	]) {
		problem(await one.post(`/v1/requests/${r.id}/events`, sent), 409, 'approval-owed');
		const [proposal] = ok(await one.post(`/v1/requests/${r.id}/proposals`, sent)).proposals;
		problem(await one.post(`/v1/requests/${r.id}/proposals/${proposal.id}/approve`, {}), 409, 'approval-owed');
		assert.equal(ok(await two.post(`/v1/requests/${r.id}/proposals/${proposal.id}/approve`, {})).state, state);
	}
	// What an enquiry is told blocks nothing, and what others decide is only recorded.
	const r = ok(await estates.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', stage: 'EXPRESSION_OF_INTEREST'}, {idempotency: `c${++n}`}));
	assert.equal(ok(await estates.post(`/v1/requests/${r.id}/events`, {event: 'DECLINE_EOI', on: '2026-10-02'})).state, 'EOI_NOT_SUPPORTED');
	assert.equal(ok(await estates.post(`/v1/requests/${r.id}/events`, {event: 'WITHDRAW', on: '2026-10-02'})).state, 'WITHDRAWN');

	// The notice that a repeat is declined goes out by another hand than wrote it.
	const declined = (await reg.sql(`select id from assetd.request where state = 'DECLINED_REPEAT'`))[0].id;
	const notice = ok(await one.post(`/v1/requests/${declined}/notices`, {code: 'N13'}));
	problem(await one.post(`/v1/requests/${declined}/notices/${notice.id}/issue`, {}), 409, 'approval-owed');
	ok(await two.post(`/v1/requests/${declined}/notices/${notice.id}/issue`, {}), 200);
});

test('the earlier requests that a repeat may be declined for are there to choose from', async () => {
	const first = await assessed(), {key} = await makeKey(reg, {roles: {[council.id]: ['ESTATES', 'DECIDER']}});
	const [proposal] = ok(await one.post(`/v1/requests/${first.id}/proposals`, REFUSE)).proposals;
	ok(await two.post(`/v1/requests/${first.id}/proposals/${proposal.id}/approve`, {}));
	const again = ok(await estates.post('/v1/requests', {asset_id: first.asset_id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-11-10'}, {idempotency: `c${++n}`}));
	const session = await openSession(reg.url, key), page = (await session.get(`/requests/${again.id}/case`)).text;
	const select = /<select[^>]*name="earlier_request_id"[^>]*>(.*?)<\/select>/s.exec(page)?.[1] ?? '';
	assert.match(select, new RegExp(`<option value="${first.id}">${first.reference}, Hall Trust, made on 1 October 2026</option>`));
	assert.doesNotMatch(page, /<input[^>]*name="earlier_request_id"/);
	const sent = {event: 'DECLINE_REPEAT', on: '2026-11-12', reasons: 'The same again.', earlier_request_id: first.id};
	const [other] = ok(await one.post(`/v1/requests/${again.id}/proposals`, sent)).proposals;
	assert.equal(ok(await two.post(`/v1/requests/${again.id}/proposals/${other.id}/approve`, {})).state, 'DECLINED_REPEAT');
});

test('a proposal may be rejected, and another made', async () => {
	const {id} = await assessed();
	const [proposal] = ok(await estates.post(`/v1/requests/${id}/proposals`, REFUSE)).proposals;
	const door = `/v1/requests/${id}/proposals/${proposal.id}`;
	problem(await one.post(`${door}/reject`, {}), 422, 'invalid', '/reasons');
	const after = ok(await one.post(`${door}/reject`, {reasons: 'The ground is thin.'}), 200);
	assert.deepEqual([after.proposals[0].state, after.proposals[0].reasons], ['REJECTED', 'The ground is thin.']);
	problem(await two.post(`${door}/approve`, {}), 409, 'approval-owed');
	assert.equal(await state(id), 'UNDER_ASSESSMENT');
});

test('two who approve at once, two proposals at once: one decision', async () => {
	const {id} = await assessed();
	const AGREE = {event: 'AGREE', on: '2026-10-30', terms: 'As asked.', matters: MATTERS, price_pence: 100};
	const [a] = ok(await estates.post(`/v1/requests/${id}/proposals`, REFUSE)).proposals;
	const b = ok(await estates.post(`/v1/requests/${id}/proposals`, AGREE)).proposals.find(p => p.act.event === 'AGREE');
	const replies = await Promise.all([a, b, a, b].map((p, i) => (i % 2 ? one : two).post(`/v1/requests/${id}/proposals/${p.id}/approve`, {})));
	assert.equal(replies.filter(r => r.status === 201).length, 1, replies.map(r => r.text).join('\n'));
	assert.ok(replies.every(r => [201, 409].includes(r.status)));
	const decisions = await reg.sql(`select event from assetd.request_event where request_id = $1 and event in ('AGREE', 'REFUSE')`, [id]);
	assert.equal(decisions.length, 1);
});

test('the decision notice too is issued by another than its writer', async () => {
	const {id} = await assessed();
	const [p] = ok(await estates.post(`/v1/requests/${id}/proposals`, REFUSE)).proposals;
	ok(await one.post(`/v1/requests/${id}/proposals/${p.id}/approve`, {}));
	const notice = ok(await one.post(`/v1/requests/${id}/notices`, {code: 'N7', matters: MATTERS}));
	const door = `/v1/requests/${id}/notices/${notice.id}`;
	problem(await one.post(`${door}/issue`, {}), 409, 'approval-owed');
	problem(await estates.post(`${door}/issue`, {}), 403, 'forbidden');
	ok(await two.post(`${door}/issue`, {}), 200);
	await assert.rejects(reg.cluster.session(async db => {
		await db.query('set search_path = assetd, public');
		await db.query(`insert into notice (id, authority_id, request_id, published, number, code, variant, event_id, is_public, state, form, content, missing,
			dated_on, drafted_by, issued_by, issued_at) select 'ntc_${'1'.repeat(26)}', authority_id, request_id, published, 99, code, variant, event_id, is_public, state,
			form, content, missing, dated_on, issued_by, issued_by, issued_at from notice where id = '${notice.id}'`);
	}, {database: reg.database}), {code: 'AS087'});
	await settle(false);
	const other = await assessed();
	ok(await one.post(`/v1/requests/${other.id}/events`, REFUSE), 201);
});

test('after all of this the register is sound', () => assertSound(reg));
