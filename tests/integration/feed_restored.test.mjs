// A register whose database was replaced by an older copy: the feed goes on from where the copy stood, and a reader who knows
// of more is told so instead of passing over in silence what gets those positions now.

import assert from 'node:assert/strict';
import path from 'node:path';
import {after, test} from 'node:test';
import {discard, ok, prepareDaemon, problem, run, scratch, serverPrograms, startMigratedCluster, startRegister, until} from '../harness/index.mjs';

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

test('W-06: dumped, and restored into a younger cluster, whose transactions have lower numbers, it goes on from the last position', async () => {
	const folder = scratch(), file = path.join(folder, 'dump'), tool = name => path.join(serverPrograms(), name);
	const younger = await startMigratedCluster(); // for its roles
	const xid = async cluster => BigInt((await cluster.sql('select pg_current_xact_id()::text as x'))[0].x);
	// A number each, more than restoring takes; and who looks at the whole feed remembers how far they are.
	await reg.daemon.stop();
	await reg.sql(`create temp table used (n int); do $$ begin for n in 1..20000 loop begin insert into used values (n); exception when others then raise; end; end loop; end $$`);
	await reg.daemon.start();
	await write(reg.admin);
	const last = await until(async () => {
		const [row] = await reg.sql('select (select count(*)::int from assetd.change) as changes, (select max(position)::int from assetd.feed) as told');
		return row.changes === row.told && row.told;
	}, {what: 'all to be told'});
	await reg.daemon.stop();
	await run(tool('pg_dump'), ['-Fc', '-C', '-f', file, '-d', reg.cluster.conninfo({database: reg.database})]);
	await younger.sql(`drop database ${reg.database} with (force)`, [], {database: 'postgres'});
	await run(tool('pg_restore'), ['-C', '--exit-on-error', '-d', younger.conninfo({database: 'postgres'}), file]);
	const [{told, looked}] = await younger.sql('select (select max(xid::text::bigint)::text from assetd.change) as told, (select floor::text from assetd.feed_state) as looked');
	const now = await xid(younger);
	assert.ok(BigInt(told) > now && BigInt(looked) > now, `else this shows nothing: ${told} and ${looked} are not beyond ${now}`);
	// What is written before anybody looks is seen as well.
	const early = await prepareDaemon(younger, {database: reg.database, migrate: false, role: 'api'}), daemon = await prepareDaemon(younger, {database: reg.database, migrate: false});
	const events = [];
	const tell = async client => events.push((await client.post('/v1/authorities', {name: `After ${events.length}`, kind: 'OTHER', code: `A${events.length}`})).headers['event-id']);
	try {
		await early.start();
		await tell(early.client(await early.adminKey()));
		await early.stop();
		await daemon.start();
		const client = daemon.client(await daemon.adminKey());
		await tell(client);
		const items = await until(async () => {
			const got = ok(await client.get(`/v1/events?after=${last}&limit=1000`), 200).items;
			return events.every(event => got.some(e => e.id === event)) && got;
		}, {what: 'what is new'});
		assert.deepEqual(items.map(e => e.position), items.map((_, i) => last + 1 + i), 'without a hole');
	} finally {
		await early.stop();
		await daemon.stop();
		await younger.end();
		discard(folder);
	}
});
