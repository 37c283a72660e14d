// A write names the last event of its transaction (the harness holds every write to that), and every
// read of the API takes it as min_event: what the write did shows then, or it is 503 within two
// seconds. Reads of the feed wait until the feed has told it.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {makeKey, request, startRegister, until} from '../harness/index.mjs';
import {contract} from '../harness/contract.mjs';

const reg = await startRegister();
after(() => reg.stop());
const council = (await reg.sql('select min(id) as id from assetd.authority'))[0].id;
let n = 0;

async function write() {
	const reply = await reg.admin.post('/v1/assets', {authority_id: council, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED'});
	assert.equal(reply.status, 201, reply.text);
	return {id: reply.json.id, event: reply.headers['event-id']};
}

const reads = Object.entries(contract().api.paths).filter(([, item]) => item.get?.parameters.some(p => p.name === 'min_event'))
	.map(([path]) => path.replace(/\{\w+\}/g, 'xxx_01jd0000000000000000000000'));

test('every read takes it, finds what was written, and waits no longer than two seconds for what is not there', async () => {
	assert.ok(reads.length > 35, `${reads.length} reads`);
	const {event} = await write();
	const slow = await Promise.all(reads.map(async path => {
		const ask = async min_event => {
			const began = performance.now();
			const reply = await request(`${reg.url}${path}?min_event=${min_event}`, {key: reg.adminKey, agent: false});
			return {reply, took_ms: performance.now() - began};
		};
		const plain = await request(`${reg.url}${path}`, {key: reg.adminKey, agent: false});
		const there = await reg.admin.seen(`${path}?min_event=${event}`);
		assert.equal(there.status, plain.status, `${path}: ${there.text}`);
		const {reply, took_ms} = await ask('evt_00000000000000000000000000');
		if (plain.status === 200) { // what is not there at all may be said at once
			assert.equal(reply.status, 503, `${path}: ${reply.text}`);
			assert.equal(reply.json.type, '/v1/problems/not-ready');
			assert.ok(Number(reply.headers['retry-after']) >= 1);
		}
		assert.ok(took_ms < 15_000, `${path} took ${took_ms} ms`);
		return took_ms;
	}));
	assert.ok(Math.max(...slow) > 1_900, 'it did wait');
});

/** What of a write does not show in the feed, read with this query. */
async function unseen({id, event}, query) {
	const list = await reg.admin.seen(`/v1/events?subject=${id}${query}`);
	const one = await reg.admin.seen(`/v1/events/${event}?${query.slice(1)}`);
	return [list.json.items?.map(e => e.id).join() !== event && 'the list', one.status !== 200 && 'the event'].filter(Boolean);
}

test('the feed shows what was just written', async () => {
	for (let i = 0; i < 20; i++) {
		const made = await write();
		assert.deepEqual(await unseen(made, `&min_event=${made.event}`), []);
	}
});

test('the checker sees it when a read does not wait', async () => {
	await reg.cluster.session(async db => {
		await db.query('begin; select pg_current_xact_id()'); // the feed stands still behind it
		assert.deepEqual(await unseen(await write(), ''), ['the list', 'the event']);
		await db.query('rollback');
	}, {database: reg.database});
});

test('a feed that is held up holds up its own readers alone', async () => {
	await reg.cluster.session(async db => {
		await db.query(`begin; set local search_path = assetd, public; select pg_current_xact_id()`); // a writer, as far as anybody knows
		const {id, event} = await write();
		const item = await reg.admin.get(`/v1/assets/${id}?min_event=${event}`);
		assert.equal(item.status, 200);
		const list = await reg.admin.get(`/v1/events?min_event=${event}`);
		assert.deepEqual([list.status, list.json.type], [503, '/v1/problems/not-ready']);
		const receipts = await reg.admin.get(`/v1/projections/receipts?min_event=${event}`);
		assert.equal(receipts.status, 503);
		await db.query('rollback');
		assert.equal((await until(async () => {
			const reply = await reg.admin.get(`/v1/events?min_event=${event}`);
			return reply.status === 200 && reply;
		}, {what: 'the feed to go on'})).json.items.at(-1).id, event);
	}, {database: reg.database});
});

test('the event of a transaction stands for all of it', async () => {
	const csv = Array.from({length: 50}, (_, i) => `R${i},Hall ${i},HALL,OWNED`).join('\n');
	const preview = await reg.admin.request('POST', `/v1/imports?kind=assets&authority_id=${council}`,
		{body: `reference,name,class,tenure\n${csv}\n`, headers: {'Content-Type': 'text/csv'}});
	const applied = await reg.admin.post(`/v1/imports/${preview.json.id}/apply`);
	const event = applied.headers['event-id'];
	const {json} = await reg.admin.get(`/v1/events?types=asset.created,import.*&limit=1000&min_event=${event}`);
	assert.equal(json.items.filter(e => e.data.import_id === preview.json.id).length, 50);
	assert.equal(json.items.at(-1).id, event);
	assert.deepEqual(json.items.filter(e => e.subject === preview.json.id).map(e => [e.type, e.subject_seq]),
		[['import.previewed', 1], ['import.applied', 2]]);
	const again = await reg.admin.post(`/v1/imports/${preview.json.id}/apply`);
	assert.equal(again.headers['event-id'], event, 'who applies again hears of the event that did it');
});

test('events of what is not public are not public', async () => {
	const run = await until(async () => {
		const reply = await reg.admin.post('/v1/projections/runs', {name: 'Secret plans', tag: 'BUDGET'});
		return reply.status === 201 && reply;
	}, {what: 'a frozen run'});
	const event = run.headers['event-id'];
	assert.equal((await reg.admin.get(`/v1/events/${event}?min_event=${event}`)).json.data.name, 'Secret plans');
	assert.equal((await reg.anyone.get(`/v1/events/${event}`)).status, 404);
	const {json} = await reg.anyone.get('/v1/events?limit=1000');
	assert.ok(json.items.every(e => !/^(run|import|webhook)\./.test(e.type)));
});

test('who may not read an event waits for what it did all the same, after a restart too', async () => {
	const finance = reg.admin.as((await makeKey(reg, {roles: {[council]: ['FINANCE']}})).key);
	const put = async (cost_rate_ppm, headers) => {
		const reply = await finance.put(`/v1/projections/parameters?authority_id=${council}`, {params: {cost_rate_ppm}, note: 'Ours alone'}, {headers});
		assert.equal(reply.status, 200, reply.text);
		return reply.headers['event-id'];
	};
	const readable = async event => {
		assert.equal((await reg.anyone.get(`/v1/events/${event}`)).status, 404);
		for (const path of ['/v1/assets', '/v1/projections/receipts', '/v1/events'])
			assert.equal((await reg.anyone.seen(`${path}?min_event=${event}`)).status, 200, path);
	};
	const event = await put(30000, {'If-None-Match': '*'});
	await readable(event);
	await reg.daemon.restart(); // what it had heard of by then it no longer knows
	await readable(event);
	await readable(await put(31000, {'If-Match': '*'}));
});
