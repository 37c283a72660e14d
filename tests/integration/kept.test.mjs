// What the public reads again is answered from a worker's memory (daemon/flow/kept.h), and nobody can tell but by the
// time it takes: whatever was written through this daemon shows at once on each of its threads, what was written
// through another a moment later, and what is no longer public to nobody.

import assert from 'node:assert/strict';
import http from 'node:http';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {ok, prepareDaemon, startRegister, until} from '../harness/index.mjs';

const THREADS = 3;
const reg = await startRegister({conf: {http: {workers: THREADS}, limits: {connections_per_address: 1000}}});
after(() => reg.stop());
const {admin, anyone} = reg;

let council, second;
before(async () => {
	council = ok(await admin.post('/v1/authorities', {name: 'Kept', kind: 'COUNCIL', code: 'KEPT'})).id;
	second = await prepareDaemon(reg.cluster, {migrate: false, conf: {http: {workers: 1}, auth: {pepper_file: path.join(reg.daemon.folder, 'pepper')}}});
	await second.start();
});
after(() => second?.stop());

const make = async (fields = {}) => ok(await admin.post('/v1/assets', {authority_id: council, name: 'Hall', class: 'HALL', tenure: 'OWNED', ...fields}));
const change = async (id, fields, client = admin) => ok(await client.patch(`/v1/assets/${id}`, fields, {match: '*'}), 200);
const answers = async (daemon = reg.daemon) => (await daemon.metrics()).assetd_kept_answers_total;

/** Connections that stay, more than there are threads, so that each thread has some. */
const agents = Array.from({length: 4 * THREADS}, () => new http.Agent({keepAlive: true, maxSockets: 1}));
after(() => agents.forEach(a => a.destroy()));
const everywhere = (path, options = {}) => Promise.all(agents.map(agent => anyone.get(path, {agent, ...options})));

/** Until the memories of all threads hold it: the next round is answered from there alone. */
async function warm(path) {
	await until(async () => {
		const before = await answers();
		await everywhere(path);
		return await answers() - before === agents.length;
	}, {what: `${path} to be kept`});
}

test('an item is the same from memory as from the database: its bytes, its fields, unchanged, by HEAD', async () => {
	const {id} = await make(), path = `/v1/assets/${id}`;
	const essence = r => [r.status, r.text, r.headers.etag, r.headers['content-type'], r.headers['cache-control'], r.headers.vary, r.headers.link];
	const first = await anyone.get(path);
	await warm(path);
	for (const reply of await everywhere(path))
		assert.deepEqual(essence(reply), essence(first));
	assert.equal((await admin.get(path)).text, first.text);
	for (const reply of await everywhere(path, {headers: {'If-None-Match': first.headers.etag}})) {
		assert.equal(reply.status, 304);
		assert.equal(reply.text, '');
		assert.equal(reply.headers.etag, first.headers.etag);
	}
	const head = await anyone.head(path);
	assert.equal(head.text, '');
	assert.equal(head.headers['content-length'], first.headers['content-length']);
	// Unchanged before anything is kept: what is made to be kept is not sent to who has it.
	const other = await make();
	const tag = (await admin.get(`/v1/assets/${other.id}`)).headers.etag;
	assert.equal((await anyone.get(`/v1/assets/${other.id}`, {headers: {'If-None-Match': tag}})).status, 304);
	assert.equal((await anyone.get(`/v1/assets/${other.id}`)).json.id, other.id);
});

test('a list too, with its links; by its whole query', async () => {
	for (let i = 0; i < 3; i++)
		await make();
	const path = `/v1/assets?authority_id=${council}&limit=2`, first = await anyone.get(path);
	await warm(path);
	const [again] = await everywhere(path);
	assert.deepEqual(again.json.items, first.json.items);
	assert.ok(again.headers.link.includes('rel="next"'));
	assert.equal(again.headers.etag, first.headers.etag);
	const [unchanged] = await everywhere(path, {headers: {'If-None-Match': first.headers.etag}});
	assert.equal(unchanged.status, 304);
	assert.equal((await anyone.get(`/v1/assets?authority_id=${council}&limit=1`)).json.items.length, 1);
	assert.equal((await anyone.get(`/v1/assets?limit=2&authority_id=${'x'.repeat(26)}`)).json.items.length, 0);
	assert.equal((await anyone.get(path, {headers: {Accept: 'application/geo+json'}})).json.type, 'FeatureCollection');
	assert.equal((await anyone.get(path, {headers: {Accept: 'image/png'}})).status, 406);
	assert.equal((await anyone.get(`${path}&nonsense=1`)).status, 400);
});

test('who writes reads it at once, on every thread, in the item and in lists', async () => {
	const {id} = await make(), path = `/v1/assets/${id}`, list = `/v1/assets?authority_id=${council}&limit=1000`;
	for (let n = 0; n < 20; n++) {
		if (n % 10 === 0)
			await Promise.all([warm(path), warm(list)]);
		const {version} = await change(id, {notes: `Note ${n}`});
		const [items, lists] = await Promise.all([everywhere(path), everywhere(list)]);
		for (const reply of items)
			assert.equal(reply.json.version, version, `round ${n}`);
		for (const reply of lists)
			assert.equal(reply.json.items.find(i => i.id === id).version, version, `round ${n}`);
	}
});

test('readers that never stop see no version go back, whoever writes', async () => {
	const {id} = await make(), path = `/v1/assets/${id}`;
	let told = 0, isOver = false, reads = 0;
	const reader = async agent => {
		while (!isOver) {
			const least = told, {json} = await anyone.get(path, {agent});
			assert.ok(json.version >= least, `${json.version} after ${least}`);
			reads++;
		}
	};
	const readers = agents.map(reader);
	for (let n = 0; n < 60; n++)
		told = (await change(id, {notes: `${n}`})).version;
	isOver = true;
	await Promise.all(readers);
	assert.ok(reads > 60);
});

test('what is withdrawn, removed or merged is gone at once; what is published is there', async () => {
	const [hidden, removed, merged, into, late] = await Promise.all([make(), make(), make(), make(), make({published: false})]);
	const path = asset => `/v1/assets/${asset.id}`;
	const list = `/v1/assets?authority_id=${council}&limit=1000`;
	for (const asset of [hidden, removed, merged])
		await warm(path(asset));
	await warm(list);
	assert.equal((await anyone.get(path(late))).status, 404);
	await change(hidden.id, {published: false});
	for (const reply of [...await everywhere(path(hidden)), await anyone.get(path(hidden), {headers: {'If-None-Match': '*'}})])
		assert.equal(reply.status, 404);
	assert.equal((await admin.delete(path(removed), {match: '*'})).status, 204);
	for (const reply of await everywhere(path(removed)))
		assert.equal(reply.status, 410);
	assert.equal((await admin.post(`${path(merged)}/merge`, {into: into.id, reason: 'Twice'})).status, 200);
	for (const reply of await everywhere(path(merged)))
		assert.equal(reply.status, 301);
	await change(late.id, {published: true});
	for (const reply of await everywhere(path(late)))
		assert.equal(reply.json.id, late.id);
	for (const reply of await everywhere(list)) {
		const ids = reply.json.items.map(i => i.id);
		assert.ok(ids.includes(late.id) && ids.includes(into.id));
		assert.ok(![hidden, removed, merged].some(a => ids.includes(a.id)));
	}
});

test('a request that bars a disposal shows in the asset', async () => {
	const {id} = await make(), path = `/v1/assets/${id}`;
	await warm(path);
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Body', legal_form: 'SCIO'})).id;
	const request = ok(await admin.post('/v1/requests', {asset_id: id, community_body_id: body, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'bar'}));
	const version = (await admin.get(path)).json.version;
	for (const reply of await everywhere(path))
		assert.equal(reply.json.version, version);
	assert.ok(request.id);
});

test('a key, a day, a moment or an event is never answered from memory', async () => {
	const {id} = await make({published: false}), path = `/v1/assets/${id}`;
	const open = await make(), shown = `/v1/assets/${open.id}`;
	await warm(shown);
	for (let i = 0; i < 5; i++) {
		assert.equal((await admin.get(path)).json.id, id);
		assert.equal((await anyone.get(path)).status, 404);
	}
	const event = (await admin.patch(shown, {notes: 'x'}, {match: '*'})).headers['event-id'];
	await warm(shown);
	const before = await answers();
	for (const query of ['?valid_on=2026-01-01', '?known_at=2030-01-01T00:00:00Z', `?min_event=${event}`])
		await anyone.get(shown + query);
	await admin.get(shown);
	await anyone.get(`/v1/assets?valid_on=2026-01-01&limit=1`);
	await anyone.get(`/v1/assets?valid_on=2026-01-01&limit=1`);
	assert.equal(await answers(), before);
});

test('a write through another daemon shows soon, also while memory answers', async () => {
	const there = second.client(reg.adminKey), {id} = await make(), path = `/v1/assets/${id}`;
	await warm(path);
	const {version} = await change(id, {notes: 'From elsewhere'}, there);
	const before = await answers(), begun = Date.now();
	await until(async () => (await everywhere(path)).every(r => r.json.version === version), {deadline_ms: 900, what: 'the other daemon\'s write'});
	await warm(path);
	await change(id, {published: false}, there);
	await until(async () => (await everywhere(path)).every(r => r.status === 404), {deadline_ms: 900, what: 'it to be gone'});
	assert.ok(await answers() > before && Date.now() - begun < 10_000);
});

test('a look names what was committed since the one before, whenever it began', async () => {
	const {default: pg} = await import('pg');
	const open = async () => {
		const client = new pg.Client({host: reg.cluster.socketDir, user: 'postgres', database: reg.database});
		await client.connect();
		return client;
	};
	const [early, late, looker] = await Promise.all([open(), open(), open()]);
	const look = async (since, most = 10) => (await looker.query(`select * from assetd.changed_since($1, $2)`, [since, most])).rows[0];
	const write = (client, n) => client.query(`select assetd.change_put($1, 'asset.changed', $2, 1, $3, null, '{}', null, null, null, null, null, null)`,
		[`evt_${String(n).padStart(26, '0')}`, `ast_${String(n).padStart(26, '0')}`, council]);
	const ids = row => (row.subjects ?? '').split(',').filter(Boolean).map(s => Number(s.slice(4)));
	try {
		for (const client of [early, late])
			await client.query(`begin; set local search_path = assetd, public; select assetd.actor_set(null, null, null, now(), current_date)`);
		await write(early, 1);
		const first = await look(null);
		assert.equal(first.is_all, true, 'nobody knows what was before');
		await write(late, 2);
		const none = await look(first.standing);
		assert.deepEqual([none.is_all, ids(none)], [false, []], 'not committed');
		await late.query('commit');
		const one = await look(none.standing);
		assert.deepEqual(ids(one), [2]);
		assert.deepEqual(ids(await look(one.standing)), [], 'said once');
		await early.query('commit');
		assert.deepEqual(ids(await look(one.standing)), [1], 'it had begun before');
		assert.deepEqual(ids(await look(first.standing)).sort(), [1, 2]);
		const many = await look(first.standing, 1);
		assert.deepEqual([many.is_all, many.subjects], [true, null]);
		assert.equal((await look(first.standing.replace(/ .*/, ' 1.5'))).is_all, true, 'another server');
	} finally {
		await Promise.all([early, late, looker].map(c => c.end()));
	}
});

test('without memory all comes from the database', async () => {
	const without = await prepareDaemon(reg.cluster, {migrate: false, conf: {http: {workers: 1, kept_mib: 0}}});
	await without.start();
	try {
		const {id} = await make();
		for (let i = 0; i < 5; i++)
			assert.equal((await without.client().get(`/v1/assets/${id}`)).json.id, id);
		assert.equal(await answers(without), 0);
	} finally {
		await without.stop();
	}
});

// The last test: its clients of the database are gone.
test('with the database away nothing is said that nobody stands by, and all is well when it is back', async () => {
	const {id} = await make(), path = `/v1/assets/${id}`;
	await warm(path);
	await reg.cluster.stop();
	await until(async () => (await everywhere(path)).every(r => r.status === 503), {what: 'every thread to say so'});
	await reg.cluster.start();
	await until(async () => (await everywhere(path)).every(r => r.status === 200), {what: 'every thread to answer again'});
	await until(async () => (await admin.patch(path, {notes: 'After'}, {match: '*'})).status === 200, {what: 'a write'});
	for (const reply of await everywhere(path))
		assert.equal(reply.json.notes, 'After');
});
