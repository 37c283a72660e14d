// Days on which clerks make mistakes, and the answers that a careful one would get. What becomes of a
// corrected validation is correct.test.mjs, of a holiday calendars.test.mjs, of downtime and of two
// daemons tick.test.mjs.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {MATTERS, assertSound, ok, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2025-09-29T10:00:00Z'});
after(() => reg.stop());
const {anyone} = reg;
let {admin} = reg;

let n = 0;
const problem = (reply, status, slug) => assert.deepEqual([reply.status, reply.json?.type], [status, `/v1/problems/${slug}`], reply.text);
const at = async moment => {
	reg.daemon.setClock(moment);
	admin = reg.daemon.client(await reg.daemon.adminKey());
};
const council = ok(await admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
const send = (id, event, on, more = {}) => admin.post(`/v1/requests/${id}/events`, {event, on, ...more});
async function received(on) {
	const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED'}));
	return ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: on}, {idempotency: `b${n}`})).id;
}
async function validated(on) {
	const id = await received(on);
	ok(await send(id, 'VALIDATE', on, {acknowledged_on: on}));
	return id;
}
const show = async id => ok(await anyone.get(`/v1/requests/${id}`), 200);
const due = async id => (await show(id)).deadlines.find(d => d.clock === 'K6').due_on;
const silent = id => until(async () => (await show(id)).state === 'NO_DECISION', {what: 'silence'});
/** No request waits for time. */
const settled = day => until(async () => (await reg.sql('select count(*)::int as n from assetd.request where look_on <= $1', [day]))[0].n === 0,
	{what: 'time to have acted'});

test('the last day is one of 23 hours: it ends at midnight in London all the same', async () => {
	const id = await validated('2025-09-29');
	assert.equal(await due(id), '2026-03-29');
	await at('2026-03-29T00:01:00Z'); // 00:01, before the change
	problem(await send(id, 'EXTEND', '2026-03-30', {until_on: '2026-05-01'}), 422, 'date-in-future');
	await at('2026-03-29T22:59:00Z'); // 23:59, after it
	await settled('2026-03-29');
	assert.equal((await show(id)).state, 'VALIDATED');
	problem(await send(id, 'EXTEND', '2026-03-30', {until_on: '2026-05-01'}), 422, 'date-in-future');
	const other = await validated('2026-03-29');
	assert.equal(await due(other), '2026-09-29');
	await at('2026-03-29T23:01:00Z'); // 00:01 of the 30th
	await silent(id);
	assert.equal((await show(id)).state_on, '2026-03-29');
	ok(await send(other, 'NOTICES_ISSUED', '2026-03-30', {representations_close_on: '2026-05-30'}));
});

test('the last day is one of 25 hours', async () => {
	await at('2026-04-25T10:00:00Z');
	const id = await validated('2026-04-25');
	assert.equal(await due(id), '2026-10-25');
	await at('2026-10-24T23:01:00Z'); // 00:01 of the 25th
	problem(await send(id, 'EXTEND', '2026-10-26', {until_on: '2026-12-01'}), 422, 'date-in-future');
	await at('2026-10-25T23:59:00Z'); // 23:59
	await settled('2026-10-25');
	assert.equal((await show(id)).state, 'VALIDATED', 'a day that ended in UTC plus one hour would be over');
	await at('2026-10-26T00:01:00Z');
	await silent(id);
});

test('an extension agreed on the last day is one, a day late it is none, however it is dated', async () => {
	await at('2026-10-27T10:00:00Z');
	const [good, late] = [await validated('2026-10-27'), await validated('2026-10-27')];
	await at('2027-04-28T10:00:00Z');
	await silent(late);
	problem(await send(late, 'EXTEND', '2027-04-28', {until_on: '2027-06-01'}), 409, 'transition-not-allowed');
	problem(await send(late, 'EXTEND', '2027-04-28', {until_on: '2027-06-01', agreed_on: '2027-04-28'}), 409, 'transition-not-allowed');
	const extended = ok(await send(good, 'EXTEND', '2027-04-28', {until_on: '2027-06-01', agreed_on: '2027-04-27'}));
	assert.deepEqual([extended.state, extended.deadlines.find(d => d.clock === 'K7').due_on], ['VALIDATED', '2027-06-01'], 'recorded late, agreed in time');
});

test('29 February, from both sides', async () => {
	await at('2027-09-01T10:00:00Z');
	const [from29, from31] = [await validated('2027-08-29'), await validated('2027-08-31')];
	assert.deepEqual([await due(from29), await due(from31)], ['2028-02-29', '2028-02-29']);
	await at('2028-02-29T10:00:00Z');
	const leap = await validated('2028-02-29');
	assert.equal(await due(leap), '2028-08-29');
	await at('2028-02-29T23:59:00Z');
	await settled('2028-02-29');
	assert.equal((await show(from31)).state, 'VALIDATED');
	await at('2028-03-01T00:01:00Z');
	await Promise.all([silent(from29), silent(from31)]);
	problem(await send(leap, 'EXTEND', '2027-02-29', {until_on: '2028-10-01'}), 422, 'invalid');
});

test('two officers decide at once: one decision stands, the other is told to read again', async () => {
	await at('2028-03-02T10:00:00Z');
	const id = await validated('2028-02-01');
	ok(await send(id, 'NOTICES_ISSUED', '2028-02-01', {representations_close_on: '2028-03-01'}));
	const replies = await Promise.all([send(id, 'AGREE', '2028-03-02', {terms: 'as asked', matters: MATTERS}),
		send(id, 'REFUSE', '2028-03-02', {grounds: [{matter: 'H', text: 'needed'}]})]);
	assert.deepEqual(replies.map(r => r.status).sort(), [201, 409], replies.map(r => r.text).join('\n'));
	const [{n: decisions}] = await reg.sql(`select count(*)::int as n from assetd.request_event where request_id = $1 and event in ('AGREE', 'REFUSE')`, [id]);
	assert.equal(decisions, 1);
});

test('out of order, in the future, before their cause', async () => {
	const id = await received('2028-03-01');
	const before = (await show(id)).version;
	problem(await send(id, 'NOTICES_ISSUED', '2028-03-02', {representations_close_on: '2028-04-30'}), 409, 'transition-not-allowed');
	problem(await send(id, 'AGREE', '2028-03-02', {terms: 'x', matters: MATTERS}), 409, 'transition-not-allowed');
	problem(await send(id, 'VALIDATE', '2028-03-03'), 422, 'date-in-future');
	problem(await send(id, 'VALIDATE', '2028-02-28'), 422, 'validation-date');
	assert.equal((await show(id)).version, before, 'nothing of it is left');
	ok(await send(id, 'VALIDATE', '2028-03-01'));
	problem(await send(id, 'ACKNOWLEDGED', '2028-02-29'), 409, 'before-cause');
	problem(await send(id, 'VALIDATE', '2028-03-01'), 409, 'transition-not-allowed');
	assert.equal((await show(id)).version, before + 1, 'but the validation');
});

test('after all of this the register is sound', () => assertSound(reg));
