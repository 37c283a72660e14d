// Ready means that a write can be done: whoever comes the moment a daemon says so is not told that the database
// is away, neither where one of its threads has no connection yet nor where a table is somebody else's just then.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {startRegister, until} from '../harness/index.mjs';

const WAIT_MS = 1500; // of a thread without a database; ten times that where another one has it
const reg = await startRegister({proxied: true, role: 'api,feed,projector', conf: {database: {wait_ms: WAIT_MS}}});
after(() => reg.stop());
const {proxy} = reg;
const council = (await reg.sql('select min(id) as id from assetd.authority'))[0].id;
let made = 0;

const write = () => reg.admin.post('/v1/assets', {authority_id: council, name: `Hut ${++made}`, class: 'HALL', tenure: 'OWNED'}, {agent: false});

/** What a daemon said since a moment. */
const said = what => reg.daemon.logLines().filter(line => line.what === what).length;

test('a thread whose connection takes long leaves the clients to the one that has one', async () => {
	await reg.daemon.stop();
	let letGo, served, held = 0;
	const kept = new Promise(resolve => { letGo = resolve; });
	// Statements that are prepared are bound to nothing: the second connection's stay under way.
	const preparing = new Set();
	proxy.hold = (batch, connection) => {
		if (batch.length)
			return undefined;
		preparing.add(connection);
		if ([...preparing].indexOf(connection) === 0)
			return undefined;
		held++;
		return kept;
	};
	try {
		const began = performance.now();
		served = said('serving');
		await reg.daemon.start({ready: false});
		await until(() => held > 0, {what: 'a connection to be held'});
		await until(() => write().then(reply => reply.status === 201, () => false), {what: 'the other thread to serve'});
		while (performance.now() - began < WAIT_MS + 1000)
			for (const reply of await Promise.all(Array.from({length: 8}, write)))
				assert.equal(reply.status, 201, reply.text);
		assert.equal(said('serving without the database'), 0);
		assert.equal(said('serving'), served, 'one of them was held all the time');
		const ready = await reg.anyone.get('/readyz');
		assert.deepEqual([ready.status, ready.json.output], [503, 'Not every thread takes requests yet.']);
	} finally {
		proxy.hold = null;
		letGo();
	}
	await reg.daemon.ready();
	await until(() => said('serving') > served, {what: 'every thread to serve'});
});

test('a table that somebody has for himself is waited for', async () => {
	await reg.daemon.stop();
	const isWaiting = async () => (await reg.sql(`select count(*)::int as n from pg_locks where not granted and relation = 'assetd.asset'::regclass`))[0].n;
	await reg.cluster.session(async db => {
		await db.query('begin; lock table assetd.asset in access exclusive mode');
		await reg.daemon.start({ready: false});
		let waits = 0; // each is given up after half a second
		await until(async () => {
			waits += await isWaiting() > 0;
			return waits > 15;
		}, {what: 'connections to wait'});
		await db.query('rollback');
	});
	await reg.daemon.ready();
	assert.equal((await write()).status, 201);
	assert.equal(said('statement does not fit the schema; run assetd migrate'), 0);
});

test('the feed waits for no table but those that it asks', async () => {
	await reg.daemon.stop();
	const fence = async () => (await reg.sql(`select fence from assetd.lease where name = 'feed'`))[0].fence;
	const before = await fence();
	await reg.cluster.session(async db => {
		await db.query('begin; lock table assetd.mapping in access exclusive mode');
		await reg.daemon.start({ready: false});
		await until(async () => await fence() > before, {what: 'the feed to run'});
		await db.query('rollback');
	});
	await reg.daemon.ready();
});
