// The connection is lost between the sync that was sent and its answer: nobody can know
// whether the write was done. The client is told to ask again with the same Idempotency-Key,
// and then gets the one answer there ever was.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {startRegister, until} from '../harness/index.mjs';

const TIMES = process.env.ASSETD_LONG ? 1000 : 100;

const reg = await startRegister({durable: true, proxied: true});
after(() => reg.stop());
const {proxy} = reg;

const council = (await reg.sql('select min(id) as id from assetd.authority'))[0].id;
const isStore = batch => batch?.includes('idempotency_begin');

const write = n => reg.admin.post('/v1/assets', {authority_id: council, name: `Cut ${n}`, class: 'HALL', tenure: 'OWNED'},
	{idempotency: `cut-${n}`});
const change = (n, made) => reg.admin.patch(`/v1/assets/${made.id}`, {name: `Changed ${n}`}, {match: `"${made.version}-a"`});

const answered = n => until(async () => {
	const reply = await write(n);
	return reply.status !== 503 && reply;
}, {deadline_ms: 20_000, what: `write ${n} to be answered`});

/** The names, beginning so, of what was made more than once. */
const doneMoreThanOnce = async prefix => (await reg.sql(`select name from assetd.asset where name like $1 || ' %'
	group by name having count(*) > 1 order by name`, [prefix])).map(row => row.name);

test(`cut ${TIMES} times before the answer, every write is done once and answered as it was`, async () => {
	for (let n = 0; n < TIMES; n++) {
		proxy.cut = isStore;
		const cuts = proxy.cuts;
		const first = await write(n);
		proxy.cut = null;
		assert.equal(proxy.cuts, cuts + 1, 'the answer was cut off');
		assert.equal(first.status, 503, first.text);
		assert.equal(first.json.type, '/v1/problems/database-away');
		assert.match(first.json.detail, /same Idempotency-Key/);
		assert.ok(Number(first.headers['retry-after']) >= 1);

		const second = await answered(n);
		assert.equal(second.status, 201, second.text);
		assert.equal(second.headers['idempotency-replayed'], 'true', 'it had been committed');
		const third = await answered(n);
		assert.equal(third.text, second.text);
		for (const name of ['etag', 'location', 'event-id'])
			assert.equal(third.headers[name], second.headers[name]);
	}
	assert.deepEqual(await doneMoreThanOnce('Cut'), []);
	const [{n}] = await reg.sql(`select count(*)::int as n from assetd.asset where name like 'Cut %'`);
	assert.equal(n, TIMES);
});

test('the checker sees it when a client asks again as if nothing had been asked', async () => {
	const again = async n => { // with a key that nobody has seen
		const body = {authority_id: council, name: `Anew ${n}`, class: 'HALL', tenure: 'OWNED'};
		const ask = key => reg.admin.post('/v1/assets', body, {idempotency: key});
		proxy.cut = isStore;
		assert.equal((await ask(`anew-${n}`)).status, 503);
		proxy.cut = null;
		await until(async () => (await ask(`anew-${n}-again`)).status === 201, {deadline_ms: 20_000, what: 'the second to be answered'});
	};
	await again(1);
	await again(2);
	assert.deepEqual(await doneMoreThanOnce('Anew'), ['Anew 1', 'Anew 2']);
});

test('without a key the client is told that it cannot know', async () => {
	const made = (await answered(TIMES)).json;
	proxy.cut = batch => batch?.includes('store_end');
	const reply = await change(1, made);
	proxy.cut = null;
	assert.equal(reply.status, 503);
	assert.match(reply.json.detail, /either done or not done/);
	const now = await until(async () => {
		const got = await reg.admin.get(`/v1/assets/${made.id}`);
		return got.status === 200 && got.json;
	}, {what: 'the asset to be read'});
	assert.equal(now.version, made.version + 1, 'it was done');
});

test('a read that is cut off is only away', async () => {
	const made = (await answered(TIMES + 1)).json;
	proxy.cut = batch => batch?.some(name => name !== 'actor_set');
	const reply = await reg.admin.get(`/v1/assets/${made.id}`);
	proxy.cut = null;
	assert.equal(reply.status, 503);
	assert.equal(reply.json.detail, undefined);
});
