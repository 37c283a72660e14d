// Many at the same moment: lost updates, one key a thousand times, and what a read costs.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({proxied: true});
after(() => reg.stop());
const {cluster, proxy} = reg;

const council = (await reg.sql('select min(id) as id from assetd.authority'))[0].id;
const asset = name => ({authority_id: council, name, class: 'HALL', tenure: 'OWNED'});
const count = (statuses, n) => statuses.filter(s => s === n).length;

test('of a hundred changes with one ETag one is made and 99 are stale', async () => {
	const made = await reg.admin.post('/v1/assets', asset('Patched hall'));
	const replies = await Promise.all(Array.from({length: 100}, (_, i) =>
		reg.admin.patch(`/v1/assets/${made.json.id}`, {name: `Hall ${i}`}, {match: made.headers.etag})));
	const statuses = replies.map(r => r.status);
	assert.deepEqual([count(statuses, 200), count(statuses, 412)], [1, 99], statuses.join());
	const won = replies.find(r => r.status === 200);
	const {name, version} = (await reg.sql('select name, version from assetd.asset where id = $1', [made.json.id]))[0];
	assert.deepEqual([name, version], [won.json.name, 2]);
	assert.equal((await reg.sql('select count(*)::int as n from assetd.change where subject = $1', [made.json.id]))[0].n, 2);
});

test('who waits too long for another with the same key hears that it is under way', async () => {
	const {json: {principal_id}} = await reg.admin.get('/v1/whoami');
	await reg.cluster.session(async db => {
		await db.query('begin');
		await db.query(`insert into assetd.idempotency_key (principal_id, key, hash, created_at, expires_at)
			values ($1, 'held', sha256('x'), now(), now() + interval '1 hour')`, [principal_id]);
		const [reply, again] = await Promise.all([1, 2].map(() => reg.admin.post('/v1/assets', asset('Held'), {idempotency: 'held', agent: false})));
		for (const got of [reply, again])
			assert.deepEqual([got.status, got.json.type, got.headers['retry-after']], [409, '/v1/problems/in-progress', '1']);
		await db.query('rollback');
	}, {database: reg.database});
	assert.equal((await reg.admin.post('/v1/assets', asset('Held'), {idempotency: 'held'})).status, 201);
});

/** Without the proxy, which lives in this busy process and would seem to be a database that has gone. */
async function plainly(workers, fn) {
	const plain = await startRegister({cluster, database: `plain${workers}`, conf: {http: {workers}}});
	try {
		await fn(plain);
	} finally {
		await plain.stop();
	}
}

test('one key a thousand times at once: one row, and one answer for all', () => plainly(2, async ({admin, sql}) => {
	const ask = options => admin.post('/v1/assets', asset('Hall of one key'), {idempotency: 'a-thousand-times', ...options});
	const replies = await Promise.all(Array.from({length: 1000}, () => ask({agent: false})));
	for (const reply of replies)
		assert.ok(reply.status === 201 || (reply.status === 409 && reply.headers['retry-after'] === '1'), `${reply.status} ${reply.text}`);
	const created = replies.filter(r => r.status === 201);
	assert.equal(new Set(created.map(r => r.text)).size, 1);
	assert.equal(new Set(created.map(r => r.headers.etag + r.headers.location + r.headers['event-id'])).size, 1);
	assert.equal(created.filter(r => !r.headers['idempotency-replayed']).length, 1, 'one of them did it');
	assert.equal((await sql(`select count(*)::int as n from assetd.asset where name = 'Hall of one key'`))[0].n, 1);

	const later = await ask();
	assert.equal(later.text, created[0].text);
	assert.equal(later.headers['idempotency-replayed'], 'true');
}));

test('of requests with one key at once those that say something else are refused', () => plainly(1, async ({admin}) => {
	const names = Array.from({length: 20}, (_, i) => `Name ${i}`);
	const replies = await Promise.all(names.map(name => admin.post('/v1/assets', asset(name), {idempotency: 'shared', agent: false})));
	const statuses = replies.map(r => r.status);
	assert.deepEqual([count(statuses, 201), count(statuses, 422)], [1, 19], statuses.join());
	assert.ok(replies.every(r => r.status === 201 || r.json.type === '/v1/problems/idempotency-key-reused'));
}));

test('a key is of one request only, and of one principal', async () => {
	const first = await reg.admin.post('/v1/assets', asset('First'), {idempotency: 'mine'});
	assert.equal(first.status, 201);
	const authority = {name: 'Mine', kind: 'OTHER', code: 'MINE'};
	for (const [path, body] of [['/v1/assets', asset('Second')], ['/v1/assets', asset('Fires')], ['/v1/authorities', authority]]) {
		const reply = await reg.admin.post(path, body, {idempotency: 'mine'});
		assert.equal(reply.status, 422, path);
		assert.equal(reply.json.type, '/v1/problems/idempotency-key-reused');
	}
	const other = reg.daemon.client(await reg.daemon.adminKey());
	assert.equal((await other.post('/v1/assets', asset('First'), {idempotency: 'mine'})).headers['idempotency-replayed'], 'true',
		'another key of the same principal');
});

test('a key that cannot be one is refused, and where it is owed so is none', async () => {
	for (const idempotency of ['', 'a b', 'x'.repeat(256), 'é'])
		assert.equal((await reg.admin.post('/v1/assets', asset('Bad key'), {idempotency})).json.type,
			'/v1/problems/bad-idempotency-key', JSON.stringify(idempotency));
	const reply = await reg.admin.post('/v1/requests', {});
	assert.equal(reply.json.type, '/v1/problems/bad-idempotency-key');
});

test('what failed is not kept: the same key may be used for it again', async () => {
	const bad = await reg.admin.post('/v1/assets', {...asset('Kept'), class: 'not a code'}, {idempotency: 'again'});
	assert.equal(bad.status, 422);
	const good = await reg.admin.post('/v1/assets', asset('Kept'), {idempotency: 'again'});
	assert.equal(good.status, 201);
	assert.equal(good.headers['idempotency-replayed'], undefined);
});

test('after two days a key is free', async () => {
	const first = await reg.admin.post('/v1/assets', asset('Old'), {idempotency: 'old'});
	await reg.sql(`update assetd.idempotency_key set expires_at = now() - interval '1 second' where key = 'old'`);
	const second = await reg.admin.post('/v1/assets', asset('Old'), {idempotency: 'old'});
	assert.equal(second.status, 201);
	assert.notEqual(second.json.id, first.json.id);
});

/** How many batches of our own a request caused, pings left out. */
async function batchesOf(fn) {
	const before = proxy.batches.length;
	await fn();
	return proxy.batches.slice(before).filter(batch => batch.some(name => name !== 'actor_set'));
}

test('a read costs one round trip, also when it says not modified', async () => {
	const made = await reg.admin.post('/v1/assets', asset('Read hall'));
	const path = `/v1/assets/${made.json.id}`;
	for (const who of [reg.anyone, reg.admin]) {
		const seen = await who.get(path);
		assert.equal(seen.status, 200);
		const asked = await batchesOf(async () => {
			const again = await who.get(path, {headers: {'If-None-Match': seen.headers.etag}});
			assert.equal(again.status, 304);
			assert.equal(again.bytes.length, 0);
			assert.equal(again.headers.etag, seen.headers.etag);
		});
		// A look at what has changed is for all that is kept, and leads to a read where that has just gone.
		assert.ok(asked.filter(batch => !batch.includes('changed_since')).length <= 1, JSON.stringify(asked));
	}
});

test('a write costs two round trips, with its Idempotency-Key', async () => {
	await reg.admin.get('/v1/whoami'); // both workers may have to ask for the key once
	const asked = await batchesOf(() => reg.admin.post('/v1/assets', asset('Written hall'), {idempotency: 'round-trips'}));
	assert.ok(asked.filter(batch => !batch.includes('key_find') && !batch.includes('key_touch')).length <= 2, JSON.stringify(asked));
});

test('Prefer: return=minimal is heard', async () => {
	const made = await reg.admin.post('/v1/assets', asset('Minimal'), {headers: {Prefer: 'return=minimal'}});
	assert.equal(made.status, 201);
	assert.equal(made.bytes.length, 0);
	assert.equal(made.headers['preference-applied'], 'return=minimal');
	assert.match(made.headers.location, /^\/v1\/assets\/ast_/);
	const changed = await reg.admin.patch(made.headers.location, {name: 'More'}, {match: made.headers.etag, headers: {Prefer: 'return=minimal'}});
	assert.equal(changed.status, 204);
});

test('every write names its last event', async () => {
	const made = await reg.admin.post('/v1/assets', asset('Evented'));
	const events = await reg.sql('select id from assetd.change where subject = $1', [made.json.id]);
	assert.deepEqual(events.map(e => e.id), [made.headers['event-id']]);
});

test('keys that have ended are forgotten', async () => {
	await reg.admin.post('/v1/assets', asset('Forgotten'), {idempotency: 'forgotten'});
	const known = async () => (await reg.sql(`select count(*)::int as n from assetd.idempotency_key where key in ('forgotten', 'mine')`))[0].n;
	assert.equal(await known(), 2);
	await reg.sql(`update assetd.idempotency_key set expires_at = now() - interval '1 second' where key = 'forgotten'`);
	await until(async () => await known() === 1, {what: 'the key to be dropped'});
});

test('a statement whose result type has changed is prepared again, and nobody notices', async () => {
	let i = 0;
	const warm = () => reg.admin.post('/v1/assets', asset(`Warm ${++i}`), {idempotency: `warm-${i}`});
	for (let round = 1; round <= 5; round++) {
		for (let n = 0; n < 8; n++)
			assert.equal((await warm()).status, 201);
		await reg.sql(`alter table assetd.idempotency_key alter column location type varchar(${3000 + round})`);
		for (const reply of await Promise.all(Array.from({length: 32}, warm)))
			assert.equal(reply.status, 201, reply.text);
	}
	assert.equal((await reg.sql(`select count(*)::int as n from assetd.asset where name ~ '^Warm '`))[0].n, i);
	assert.ok(reg.daemon.logLines().some(line => line.why === 'prepared for an older schema'));
});
