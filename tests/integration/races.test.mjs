// Two writers who would be wrong together: each decides on what it loaded while the other had not
// stored yet. The asset's row is held from outside until both stand before it, in a known order.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-19T10:00:00Z'});
after(() => reg.stop());

const council = (await reg.admin.post('/v1/authorities', {name: 'Test Council', kind: 'COUNCIL', code: 'TC'})).json;
const body = (await reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 40})).json;
let asked = 0;

const show = async id => (await reg.admin.get(`/v1/assets/${id}`)).json;
const hall = async () => {
	const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'});
	assert.equal(reply.status, 201, reply.text);
	return {...reply.json, etag: reply.headers.etag};
};
const ask = asset => reg.admin.post('/v1/requests',
	{asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: `race-${++asked}`});
const validate = request => reg.admin.post(`/v1/requests/${request.id}/events`, {event: 'VALIDATE', on: '2026-10-01'});
const dispose = (asset, more) => reg.admin.post(`/v1/assets/${asset.id}/disposals`,
	{kind: 'MARKET', completed_on: '2026-11-01', gross_pence: 100, to: 'Somebody', ...more});
const plan = asset => reg.admin.put(`/v1/assets/${asset.id}/disposal-plan`,
	{method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'}, {headers: {'If-None-Match': '*'}});
const remove = asset => reg.admin.delete(`/v1/assets/${asset.id}`, {match: asset.etag});

/* The replies of the two, the second sent when the first stands before the asset's row. */
async function race(asset, first, second) {
	const waiting = async n => {
		const rows = await reg.sql(`select from pg_stat_activity where wait_event_type = 'Lock' and usename = 'assetd_api'`);
		return rows.length >= n;
	};
	return reg.cluster.session(async c => {
		await c.query('begin');
		await c.query('select from assetd.asset where id = $1 for update', [asset.id]);
		const one = first(asset);
		await until(() => waiting(1), {what: 'the first to wait', deadline_ms: 2_000}).catch(() => {});
		const two = second(asset);
		await until(() => waiting(2), {what: 'the second to wait', deadline_ms: 2_000}).catch(() => {});
		await c.query('rollback');
		return [await one, await two];
	});
}

/**
 * Both have loaded; the first stores first, and the second finds what it did not know of. Made
 * anew, request and all, where this machine was too slow for the half second that the daemon
 * waits for a lock. → [asset, reply, reply]
 */
async function together(first, second, prepare = () => {}) {
	for (let left = 10; ; left--) {
		const asset = await hall();
		await prepare(asset);
		const replies = await race(asset, first, second);
		if (!left || !replies.some(r => r.status === 503))
			return [asset, ...replies];
	}
}

test('a bar set meanwhile bars a disposal that was let pass before it', async () => {
	let request;
	const [asset, validated, disposed] = await together(() => validate(request), dispose, async of => {
		request = (await ask(of)).json;
	});
	assert.equal(validated.status, 201, validated.text);
	assert.equal(disposed.status, 409, disposed.text);
	assert.equal(disposed.json.type, '/v1/problems/disposal-barred');
	assert.notEqual((await show(asset.id)).lifecycle, 'DISPOSED');
	assert.equal((await dispose(asset, {exemption: 'ADVERTISED', exemption_dated_on: '2026-09-30'})).status, 201, 'a named exemption still holds');
});

test('a plan does not bring back what was disposed of meanwhile', async () => {
	const [asset, disposed, planned] = await together(dispose, plan);
	assert.equal(disposed.status, 201, disposed.text);
	assert.equal(planned.status, 409, planned.text);
	assert.equal(planned.json.type, '/v1/problems/land-disposed');
	assert.equal((await show(asset.id)).lifecycle, 'DISPOSED');
	assert.equal((await reg.admin.get(`/v1/assets/${asset.id}/disposal-plan`)).status, 404);
});

test('nobody asks for what was removed meanwhile', async () => {
	const [asset, removed, requested] = await together(remove, ask);
	assert.equal(removed.status, 204, removed.text);
	assert.equal(requested.status, 422, requested.text);
	assert.equal(requested.json.errors[0].pointer, '/asset_id');
	assert.deepEqual(await reg.sql('select id from assetd.request where asset_id = $1', [asset.id]), []);
});

test('what was asked for meanwhile is not removed', async () => {
	const [asset, requested, removed] = await together(ask, remove);
	assert.equal(requested.status, 201, requested.text);
	assert.equal(removed.status, 409, removed.text);
	assert.equal(removed.json.type, '/v1/problems/asset-under-request');
});

test('a request for what was disposed of meanwhile says so', async () => {
	const [asset, disposed, requested] = await together(dispose, ask);
	assert.equal(disposed.status, 201, disposed.text);
	assert.equal(requested.status, 201, requested.text);
	assert.ok(requested.json.flags.includes('LAND_DISPOSED'), requested.text);
});

test('an import is not undone under a request for what it made', async () => {
	const call = (path, body) => reg.admin.request('POST', path, {body, headers: {'Content-Type': 'text/csv'}});
	const made = await call(`/v1/imports?kind=assets&authority_id=${council.id}`, 'Reference,Name,Class,Tenure\r\nR1,Hall,HALL,Freehold\r\n');
	assert.equal(made.status, 201, made.text);
	const path = `/v1/imports/${made.json.id}`;
	assert.equal((await reg.admin.request('POST', `${path}/apply`)).status, 200);
	const [asset] = (await reg.admin.get('/v1/assets?reference=R1')).json.items;
	assert.equal((await ask(asset)).status, 201);
	const undone = await reg.admin.request('POST', `${path}/undo`);
	assert.equal(undone.status, 409, undone.text);
	assert.equal(undone.json.type, '/v1/problems/import-changed-since');
	assert.equal((await reg.admin.get(`/v1/assets/${asset.id}`)).status, 200);
});

/* A refused request, whose time for a review ends on 27 November. */
async function refusedRequest() {
	const {id} = (await ask(await hall())).json;
	const say = (event, on, more) => reg.admin.post(`/v1/requests/${id}/events`, {event, on, ...more});
	for (const [event, on, more] of [['VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'}],
		['NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-30'}], ['REFUSE', '2026-11-02', {grounds: [{matter: 'H', text: 'needed'}]}]]) {
		const reply = await say(event, on, more);
		assert.equal(reply.status, 201, reply.text);
	}
	return id;
}

const REVIEW = {event: 'REVIEW_APPLIED', on: '2026-11-19'};
const versions = async id => (await reg.sql('select subject_seq, type from assetd.change where subject = $1 order by subject_seq desc limit 2', [id])).map(c => c.type);

test('an act that meets the passing of time happens behind it', async () => {
	let id, reply;
	for (let left = 10; left; left--) {
		id = await refusedRequest();
		const waits = (who, n) => until(async () => (await reg.sql(`select from pg_stat_activity where wait_event_type = 'Lock' and usename = $1`, [who])).length >= n,
			{what: `${who} to wait`, deadline_ms: 20_000});
		await reg.cluster.session(async c => {
			await c.query('begin');
			await c.query('select from assetd.land_turn where authority_id = $1 for update', [council.id]);
			reg.daemon.setClock('2026-11-22T10:00:00Z');
			await waits('assetd_worker', 1); // the tick has loaded the request, and waits with its reminder
			const sent = reg.admin.post(`/v1/requests/${id}/events`, REVIEW);
			await waits('assetd_api', 1);
			await c.query('rollback');
			reply = await sent;
		});
		reg.daemon.setClock('2026-11-19T10:00:00Z');
		// Who waits longer than half a second on a busy machine gives up, the one or the other.
		if (reply.status !== 503 && (reply.status !== 201 || (await versions(id))[1] === 'deadline.approaching'))
			break;
	}
	assert.equal(reply.status, 201, reply.text);
	assert.equal(reply.json.state, 'UNDER_REVIEW');
	assert.deepEqual(await versions(id), ['request.review_applied', 'deadline.approaching'], 'each once, and neither lost');
});

test('whoever meets others time after time is told who was first, and what they did', async () => {
	const id = await refusedRequest();
	await reg.sql(`create sequence assetd.raced; grant usage on assetd.raced to public;
		create function assetd.race() returns trigger language plpgsql as $$ begin perform nextval('assetd.raced'); raise exception 'raced' using errcode = 'AS045'; end $$;
		create trigger race before update on assetd.request for each row when (new.id = '${id}') execute function assetd.race()`);
	const lost = await reg.admin.post(`/v1/requests/${id}/events`, REVIEW);
	await reg.sql('drop trigger race on assetd.request');
	assert.equal(lost.status, 409, lost.text);
	assert.equal(lost.json.type, '/v1/problems/conflict');
	assert.equal(lost.json.meanwhile.type, 'request.refused');
	assert.ok(lost.json.meanwhile.actor && lost.json.detail.includes(lost.json.meanwhile.actor) && lost.json.detail.includes(lost.json.meanwhile.at), lost.text);
	assert.equal((await reg.sql('select last_value::int as n from assetd.raced'))[0].n, 4, 'it is tried a few times, and no more');

	const {headers: {etag}} = await reg.admin.get(`/v1/requests/${id}`);
	const first = await reg.admin.post(`/v1/requests/${id}/events`, REVIEW, {match: etag});
	assert.equal(first.status, 201, first.text);
	const late = await reg.admin.post(`/v1/requests/${id}/events`, {event: 'PARTIES_NOTIFIED', on: '2026-11-19'}, {match: etag});
	assert.equal(late.status, 412, late.text);
	assert.equal(late.json.meanwhile.type, 'request.review_applied');
});

test('of two officers who decide at once, the second hears in which state the first left it', async () => {
	const id = await refusedRequest();
	const say = more => reg.admin.post(`/v1/requests/${id}/events`, {...REVIEW, ...more});
	const replies = await Promise.all([say(), say(), say()]);
	assert.deepEqual(replies.map(r => r.status).sort(), [201, 409, 409]);
	for (const {json} of replies.filter(r => r.status === 409)) {
		assert.equal(json.type, '/v1/problems/transition-not-allowed');
		assert.ok(json.allowed.includes('WITHDRAW') && json.detail.includes('UNDER_REVIEW'), JSON.stringify(json));
	}
});
