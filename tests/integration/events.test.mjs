// The change feed over HTTP: pages, filters, waiting, one event, and who sees what of it.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

const [council] = await reg.sql(`select id from assetd.authority where kind = 'COUNCIL' order by name limit 1`);
const list = names => `AssetCode,PropertyName\n${names.map((name, i) => `E${name.length}${i},${name}\n`).join('')}`;

/** Import assets of these names → the position after them. */
async function bring(...names) {
	const made = await reg.admin.request('POST', `/v1/imports?kind=assets&authority_id=${council.id}`,
		{headers: {'content-type': 'text/csv'}, body: list(names)});
	assert.equal(made.status, 201, made.text);
	const done = await reg.admin.post(made.json.links.apply);
	assert.equal(done.status, 200, done.text);
	return done;
}

async function head() {
	return Number((await reg.sql('select position from assetd.feed_state'))[0].position);
}

/** Follow `next` until it stays → all events. */
async function walk(client, path) {
	const all = [];
	for (;;) {
		const page = await client.get(path);
		assert.equal(page.status, 200, page.text);
		assert.match(page.json.next, /^\/v1\/events\?after=\d+/);
		all.push(...page.json.items);
		if (page.json.next === path)
			return all;
		path = page.json.next;
	}
}

await bring('Hall', 'Library', 'Depot');
await until(async () => await head() === (await reg.sql('select count(*)::int as n from assetd.change'))[0].n,
	{what: 'every change to have a position'});

test('pages follow one another without holes', async () => {
	const all = await walk(reg.admin, '/v1/events?after=0&limit=7');
	assert.deepEqual(all.map(e => e.position), Array.from({length: await head()}, (_, i) => i + 1));
	for (const event of all)
		assert.deepEqual(Object.keys(event), ['id', 'position', 'type', 'subject', 'subject_seq', 'occurred_at', 'actor',
			'schema_version', 'data', 'traceparent']);
});

test('who traces a call finds it again in the reply and in its events, and who does not has none', async () => {
	const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
	const add = (code, headers) => reg.admin.post('/v1/authorities', {name: `Traced ${code}`, kind: 'OTHER', code}, {headers});
	const eventOf = async reply => (await reg.admin.get(`/v1/events/${reply.headers['event-id']}?min_event=${reply.headers['event-id']}`)).json;
	const traced = await add('TRACE-1', {traceparent: `00-${trace}-00f067aa0ba902b7-01`});
	assert.equal(traced.status, 201, traced.text);
	assert.match(traced.headers.traceparent, new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
	assert.equal((await eventOf(traced)).traceparent, traced.headers.traceparent);
	const malformed = await add('TRACE-2', {traceparent: `00-${trace.toUpperCase()}-00f067aa0ba902b7-01`});
	assert.match(malformed.headers.traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
	assert.equal((await eventOf(malformed)).traceparent, malformed.headers.traceparent);
	const untraced = await add('TRACE-3', {});
	assert.equal(untraced.headers.traceparent, undefined);
	const logged = reply => reg.daemon.logLines().find(line => line.request === reply.headers['x-request-id']).trace;
	assert.deepEqual([logged(traced), logged(untraced)], [traced.headers.traceparent, null]);
	assert.equal((await eventOf(untraced)).traceparent, null);
});

test('types and subject choose', async () => {
	const assets = await walk(reg.admin, '/v1/events?after=0&types=asset.*');
	assert.equal(assets.length, 3);
	assert.ok(assets.every(e => e.type === 'asset.created'));
	const two = await walk(reg.admin, '/v1/events?after=0&types=asset.created,import.*');
	assert.deepEqual(new Set(two.map(e => e.type)), new Set(['asset.created', 'import.previewed', 'import.applied']));
	const one = await walk(reg.admin, `/v1/events?after=0&subject=${assets[0].subject}`);
	assert.deepEqual(one.map(e => e.id), [assets[0].id]);
	assert.deepEqual(await walk(reg.admin, '/v1/events?after=0&types=asset.create_'), []);
});

test('a query that cannot be meant is refused by name', async () => {
	for (const [query, pointer] of [['after=-1', '/after'], ['after=1.5', '/after'], ['limit=0', '/limit'], ['limit=1001', '/limit'],
		['wait=31', '/wait'], ['types=asset', '/types'], ['types=*.created', '/types'], ['types=', '/types'],
		['types=a%25.b', '/types'], ['subject=ast_1', '/subject'], [`subject=${council.id}'`, '/subject']]) {
		const reply = await reg.anyone.get(`/v1/events?${query}`);
		assert.equal(reply.status, 400, query);
		assert.equal(reply.json.errors[0].pointer, pointer, query);
	}
	assert.equal((await reg.anyone.get('/v1/events?before=1')).status, 400);
});

test('W-55: a reader waits until something comes', async () => {
	const from = await head();
	const waiting = reg.admin.get(`/v1/events?after=${from}&types=asset.created&wait=30`);
	const begun = performance.now();
	await bring('Pavilion');
	const reply = await waiting;
	assert.deepEqual(reply.json.items.map(e => e.data.name), ['Pavilion']);
	assert.ok(performance.now() - begun < 20_000);
	assert.equal(reply.headers['cache-control'], 'no-cache');
});

test('… but not longer than it said', async () => {
	const from = await head();
	const begun = performance.now();
	const reply = await reg.admin.get(`/v1/events?after=${from}&wait=1`);
	const took = performance.now() - begun;
	assert.deepEqual(reply.json, {items: [], next: `/v1/events?after=${from}&wait=1`});
	assert.ok(took >= 900 && took < 15_000, `${took} ms`);
});

test('a hundred wait at once and all are told', async () => {
	const from = await head();
	const waiting = Array.from({length: 100}, () => reg.admin.get(`/v1/events?after=${from}&types=asset.*&wait=30`));
	await bring('Store');
	for (const reply of await Promise.all(waiting))
		assert.equal(reply.json.items[0].data.name, 'Store');
});

test('one event is what the list shows of it', async () => {
	const {json: {items: [event]}} = await reg.admin.get('/v1/events?after=0&types=asset.created&limit=1');
	const page = await reg.admin.get('/v1/events?after=0&types=asset.created&limit=1');
	const one = await reg.admin.get(`/v1/events/${event.id}`);
	assert.equal(one.status, 200);
	assert.ok(page.text.includes(one.text));
	const again = await reg.admin.get(`/v1/events/${event.id}`, {headers: {'if-none-match': one.headers.etag}});
	assert.equal(again.status, 304);
	for (const id of ['evt_00000000000000000000000000', 'evt_x', event.subject])
		assert.equal((await reg.admin.get(`/v1/events/${id}`)).status, 404, id);
});

test('an event can be read by the id that the write answered', async () => {
	const done = await bring('Lodge');
	assert.match(done.headers['event-id'], /^evt_/);
	assert.equal((await reg.admin.get(`/v1/events/${done.headers['event-id']}`)).status, 200);
});

test('the public sees public events, and of the actor only the kind', async () => {
	await reg.sql(`insert into assetd.change (id, at, authority_id, readers, is_public, type, subject, subject_seq,
		actor, actor_kind, data) values
		('evt_0000000000000000000000test', now(), $1::text, array[$1::text], false, 'place.moved', 'loc_0000000000000000000000test', 1,
			'prn_0000000000000000000000test', 'AUTHORITY', '{"name": "secret"}'),
		('evt_0000000000000000000001test', now(), $1::text, array[$1::text], true, 'place.moved', 'loc_0000000000000000000001test', 1,
			'prn_0000000000000000000000test', 'AUTHORITY', '{"name": "open"}')`, [council.id]);
	await reg.sql(`insert into assetd.change_money (change_id, at, authority_id, readers, data)
		select id, at, authority_id, readers, '{"amount_pence": 5}' from assetd.change where id = 'evt_0000000000000000000001test'`);
	const mine = await until(async () => {
		const all = await walk(reg.admin, '/v1/events?after=0&types=place.moved');
		return all.length === 2 && all;
	}, {what: 'both to be told'});
	const open = mine.find(e => e.data.name === 'open');
	assert.equal(open.actor, 'prn_0000000000000000000000test');
	assert.deepEqual(open.data, {name: 'open', amount_pence: 5});
	const theirs = await walk(reg.anyone, '/v1/events?after=0&types=place.moved');
	assert.deepEqual(theirs, [{...open, actor: 'AUTHORITY', data: {name: 'open'}}]);
	const hidden = mine.find(e => e.data.name === 'secret');
	assert.equal((await reg.anyone.get(`/v1/events/${hidden.id}`)).status, 404);
	assert.equal((await reg.admin.get(`/v1/events/${hidden.id}`)).status, 200);
});

test('what is no longer published is no longer told of, nor what was asked of it', async () => {
	const make = async (path, json, options) => {
		const reply = await reg.admin.post(path, json, options);
		assert.equal(reply.status, 201, reply.text);
		return {...reply.json, etag: reply.headers.etag, event: reply.headers['event-id']};
	};
	const asset = await make('/v1/assets', {authority_id: council.id, name: 'Refuge', class: 'HALL', tenure: 'OWNED', notes: 'Who lives here'});
	const body = await make('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 40});
	const request = await make('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'},
		{idempotency: 'refuge'});
	const places = [`/v1/events/${asset.event}`, `/v1/events/${request.event}`, `/v1/assets/${asset.id}/history`, `/v1/requests/${request.id}/history`];
	const seen = async client => Promise.all(places.map(async path => (await client.get(path)).status));
	await until(async () => (await seen(reg.anyone)).every(status => status === 200), {what: 'everybody to be told'});

	const hidden = await reg.admin.patch(`/v1/assets/${asset.id}`, {published: false}, {match: asset.etag});
	assert.equal(hidden.status, 200, hidden.text);
	assert.deepEqual(await seen(reg.anyone), [404, 404, 404, 404]);
	assert.deepEqual(await walk(reg.anyone, `/v1/events?after=0&subject=${asset.id}`), []);
	assert.deepEqual(await seen(reg.admin), [200, 200, 200, 200]);
});

test('whoever waits at the end of the process gets an answer', async () => {
	const waiting = reg.admin.get(`/v1/events?after=${await head()}&types=none.*&wait=30`).catch(error => error);
	await until(async () => (await reg.daemon.metrics()).assetd_http_connections_open > 0);
	await reg.daemon.restart();
	const reply = await waiting;
	assert.ok(reply.status === 200 || reply.status === 503, reply.text ?? String(reply));
});
