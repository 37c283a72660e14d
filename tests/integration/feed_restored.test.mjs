// A register whose database was replaced by an older copy: the feed goes on from where the copy stood, and a reader who knows
// of more is told so instead of passing over in silence what gets those positions now.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, prepareDaemon, problem, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
let restored;
after(async () => {
	await restored?.stop();
	await reg.stop();
});
let n = 0;
const write = async client => ok(await client.post('/v1/authorities', {name: `Told ${++n}`, kind: 'OTHER', code: `T${n}`}));
const nextOf = async client => Number(/after=(\d+)/.exec(ok(await client.get('/v1/events?after=0&limit=1000'), 200).next)[1]);

test('W-06: after a restore from an older copy who is ahead of the feed is told, by the list and by the stream, and who is not goes on', async () => {
	const count = async database => (await reg.cluster.sql('select count(*)::int as n from assetd.change', [], {database}))[0].n;
	await write(reg.admin);
	const then = await until(async () => await nextOf(reg.anyone) === await count('assetd') && count('assetd'), {what: 'all to be told'});
	await reg.daemon.stop();
	await reg.cluster.createDatabase('older', {template: 'assetd'});
	await reg.daemon.start();
	await write(reg.admin);
	await write(reg.admin);
	const known = await until(async () => await nextOf(reg.anyone) === then + 2 && then + 2, {what: 'both to be told'});
	ok(await reg.anyone.get(`/v1/events?after=${known}`), 200);
	await reg.daemon.stop();

	restored = await prepareDaemon(reg.cluster, {database: 'older', migrate: false});
	await restored.start();
	const anyone = restored.client();
	const {errors: [flaw]} = problem(await anyone.get(`/v1/events?after=${known}&wait=5`), 400, 'bad-query', '/after');
	assert.deepEqual([flaw.code, flaw.detail], ['BEYOND_THE_END', `The feed ends at position ${then}.`]);
	assert.match(flaw.cure, /restored from an older copy/);
	const sse = {accept: 'text/event-stream'};
	problem(await anyone.get('/v1/events', {headers: {...sse, 'last-event-id': String(known)}}), 400, 'bad-query', '/after');
	problem(await anyone.get(`/v1/events?after=${then + 1}`, {headers: sse}), 400, 'bad-query', '/after');
	assert.deepEqual(ok(await anyone.get(`/v1/events?after=${then}`), 200), {items: [], next: `/v1/events?after=${then}`});
	await write(restored.client(await restored.adminKey()));
	const [event] = await until(async () => {
		const {items} = ok(await anyone.get(`/v1/events?after=${then}&wait=1`), 200);
		return items.length && items;
	}, {what: 'what is new'});
	assert.equal(event.position, then + 1, 'without a hole');
	await reg.daemon.start();
});
