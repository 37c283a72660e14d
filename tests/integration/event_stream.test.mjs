// The change feed as Server-Sent Events: told as the list tells it, resumed without a loss or a double,
// ended when the client, the key or the process ends, and bounded in what it holds.

import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import {after, afterEach, test} from 'node:test';
import {exchange, makeKey, request, startRegister, until} from '../harness/index.mjs';

const ALL = 24, ONE = 6, WRITE_MS = 1000;
const conf = {http: {trusted_proxy: '127.0.0.1', write_ms: WRITE_MS}, limits: {streams: ALL, streams_per_reader: ONE}};
const reg = await startRegister({conf});
const open = new Set();
afterEach(() => open.forEach(stream => stream.close()));
after(() => reg.stop());
const [council] = await reg.sql(`select id from assetd.authority where kind = 'COUNCIL' order by name limit 1`);
const SSE = {accept: 'text/event-stream'};

let made = 0;
/** Write changes as writers do, each of a subject of its own, in one transaction. */
async function write(count, {type = 'place.moved', isPublic = true, data = '{}'} = {}) {
	const from = made;
	made += count;
	await reg.sql(`insert into assetd.change (id, at, authority_id, readers, is_public, type, subject, subject_seq, actor, actor_kind, data)
		select 'evt_' || lpad(n::text, 26, '0'), now(), $1::text, array[$1::text], $2::boolean, $3::text, 'loc_' || lpad(n::text, 26, '0'), 1,
			'prn_0000000000000000000000test', 'AUTHORITY', jsonb_build_object('n', n) || $4::jsonb
		from generate_series($5::int + 1, $6::int) as n`, [council.id, isPublic, type, data, from, made]);
}
const head = async () => Number((await reg.sql('select position from assetd.feed_state'))[0].position);
const settled = () => until(async () => await head() === (await reg.sql('select count(*)::int as n from assetd.change'))[0].n && head(),
	{what: 'every change to be told'});

/**
 * A stream as a browser reads one → {status, headers, text, events: [{id, data}], lastId, comments, ended, close(), have(n)}.
 * What is half there when it ends counts for nothing.
 */
const listen = (path, options) => until(async () => { // those who have just left may still count
	const stream = await connect(path, options);
	return stream.status === 200 && stream;
}, {what: 'a place for a stream'});

function connect(path = '/v1/events', {key = reg.adminKey, headers = {}} = {}) {
	return new Promise((resolve, reject) => {
		const call = http.get(new URL(path, reg.url), {agent: false, headers: {...SSE, ...(key && {authorization: `Bearer ${key}`}), ...headers}}, got => {
			const stream = {status: got.statusCode, headers: got.headers, events: [], lastId: undefined, comments: 0, retry: undefined, text: '', rest: '',
				ended: false, close: () => call.destroy(),
				have: n => until(() => stream.events.length >= n, {what: () => `${n} events, of which there are ${stream.events.length}`})};
			got.setEncoding('utf8');
			got.on('data', part => {
				stream.text = (stream.text + part).slice(-4096);
				const blocks = (stream.rest + part).split('\n\n');
				stream.rest = blocks.pop();
				for (const block of blocks)
					take(stream, block);
			});
			const end = () => {
				stream.ended = true;
				open.delete(stream);
			};
			got.on('end', end);
			got.on('error', end);
			got.on('close', end);
			open.add(stream);
			resolve(stream);
		});
		call.on('error', reject);
	});
}

function take(stream, block) {
	const data = [];
	for (const line of block.split('\n')) {
		const [, name, value] = /^([a-z]*): ?(.*)$/.exec(line) ?? assert.fail(`a line that is none: ${line}`);
		if (name === 'id')
			stream.lastId = value;
		else if (name === 'data')
			data.push(value);
		else if (name === 'retry')
			stream.retry = value;
		else if (name === '')
			stream.comments++;
		else
			assert.fail(`an unknown field: ${line}`);
	}
	if (data.length)
		stream.events.push({id: stream.lastId, data: JSON.parse(data.join('\n')), text: data.join('\n')});
}

// Open while the others run, by a reader of its own: silence takes its time.
const silentFrom = await settled();
const silent = await listen(`/v1/events?after=${silentFrom}&types=never.*`, {key: null, headers: {'x-forwarded-for': '192.0.2.200'}});
open.delete(silent);

test('W-55: a stream tells what the list tells, byte for byte, and goes on', async () => {
	await write(120);
	const position = await settled();
	const stream = await listen('/v1/events?after=0');
	assert.equal(stream.status, 200);
	assert.equal(stream.headers['content-type'], 'text/event-stream');
	assert.equal(stream.headers['cache-control'], 'no-store');
	assert.equal(stream.headers['x-accel-buffering'], 'no');
	await stream.have(position);
	const list = await request(new URL('/v1/events?after=0&limit=1000', reg.url), {key: reg.adminKey});
	assert.deepEqual(stream.events.map(e => e.data), list.json.items);
	assert.ok(stream.events.every(e => e.id === String(e.data.position) && list.text.includes(e.text)));
	assert.match(stream.retry, /^[1-5]\d{3}$/);
	await write(1);
	await stream.have(position + 1);
	assert.deepEqual(stream.events.at(-1).data.data, {n: made});
	stream.close();
});

test('W-55: who is cut off goes on by Last-Event-ID without a loss or a double, while others write', async () => {
	const from = await settled(), rounds = 12;
	let writing = true;
	const writers = Promise.all(Array.from({length: 4}, async () => {
		while (writing)
			await write(3);
	}));
	const seen = [];
	let last = String(from);
	for (let i = 0; i < rounds; i++) {
		// The header has the last word, whatever the address says.
		const stream = await listen('/v1/events?after=1', {headers: {'last-event-id': last}});
		await stream.have(1 + i % 3 * 20);
		stream.close();
		seen.push(...stream.events.map(e => e.data.position));
		last = stream.lastId;
	}
	writing = false;
	await writers;
	const end = await settled();
	const stream = await listen('/v1/events', {headers: {'last-event-id': last}});
	await until(() => stream.lastId === String(end) || Number(last) === end,
		{what: () => `${end}, of which the stream has ${stream.lastId} and ${stream.ended ? 'has ended' : 'goes on'}`});
	stream.close();
	seen.push(...stream.events.map(e => e.data.position));
	assert.deepEqual(seen, Array.from({length: end - from}, (_, i) => from + i + 1));
});

test('a stream is told in its turn, however long one look of the feed follows another', async () => {
	// Each takes longer than the next write does, so that another is asked for before it is over; and so long that a second has
	// no more than twenty.
	await reg.sql('create sequence public.looks');
	await reg.sql(`create function public.dawdle() returns trigger language plpgsql security definer as $$ begin
		perform nextval('public.looks'), pg_sleep(0.05); return null; end $$`);
	await reg.sql('create trigger dawdle after insert on assetd.feed for each statement execute function public.dawdle()');
	const looks = async () => Number((await reg.sql('select last_value from public.looks'))[0].last_value);
	let isOver = false;
	const busy = Promise.all(['A', 'B'].map(async name => {
		for (let i = 0; !isOver; i++)
			assert.equal((await reg.admin.post('/v1/authorities', {name: `${name} ${i}`, kind: 'OTHER', code: `${name}-${i}`})).status, 201);
	}));
	const stream = await listen(`/v1/events?after=${await head()}&types=place.moved`), seen = [];
	for (let n = 1; n <= 5; n++) {
		const before = await looks();
		await write(1);
		await stream.have(n);
		seen.push(await looks() - before);
	}
	isOver = true;
	await busy;
	stream.close();
	await reg.sql('drop function public.dawdle cascade; drop sequence public.looks');
	await settled();
	// Four turns a second; whom nobody wakes comes back two seconds late by itself.
	assert.ok(seen.sort((a, b) => a - b)[2] <= 20, `looks between an event and its turn: ${seen}`);
});

test('types, subject and what may be seen are as in the list', async () => {
	const from = await settled();
	await write(3, {isPublic: false, data: '{"name": "secret"}'});
	await write(2, {type: 'place.left'});
	await write(2, {data: '{"name": "open"}'});
	await settled();
	const path = query => `/v1/events?after=${from}${query}`;
	const [all, some, one, anyone] = await Promise.all([listen(path('')), listen(path('&types=place.left')),
		listen(path(`&subject=loc_${String(made).padStart(26, '0')}`)), listen(path('&types=place.moved'), {key: null})]);
	await Promise.all([all.have(7), some.have(2), one.have(1), anyone.have(2)]);
	await write(1, {data: '{"name": "last"}'});
	await Promise.all([all.have(8), anyone.have(3)]);
	assert.deepEqual(some.events.map(e => e.data.type), ['place.left', 'place.left']);
	assert.deepEqual(one.events.map(e => e.data.data.n), [made - 1]);
	assert.deepEqual(anyone.events.map(e => [e.data.actor, e.data.data.name]), [['AUTHORITY', 'open'], ['AUTHORITY', 'open'], ['AUTHORITY', 'last']]);
	assert.ok(!anyone.text.includes('secret') && all.events.some(e => e.data.data.name === 'secret'));
});

test('what cannot be meant is refused by name', async () => {
	for (const [query, headers, pointer] of [['limit=5', {}, '/limit'], ['wait=5', {}, '/wait'], ['after=-1', {}, '/after'], ['types=x', {}, '/types'],
		['', {'last-event-id': 'evt_1'}, '/Last-Event-ID'], ['', {'last-event-id': '-1'}, '/Last-Event-ID'],
		['', {'last-event-id': '99999999999999999999'}, '/Last-Event-ID']]) {
		const reply = await request(new URL(`/v1/events?${query}`, reg.url), {headers: {...SSE, ...headers}});
		assert.equal(reply.status, 400, query);
		assert.equal(reply.json.errors[0].pointer, pointer, query);
	}
	assert.equal((await request(new URL('/v1/events', reg.url), {headers: {...SSE, authorization: 'Bearer nonsense'}})).status, 401);
	const empty = await listen('/v1/events', {headers: {'last-event-id': ''}});
	await empty.have(1);
	assert.equal(empty.events[0].id, '1');
	empty.close();
});

test('HEAD has no stream, and HTTP/1.0 has one until the connection closes', async () => {
	const line = (method, version) => `${method} /v1/events?after=${made} HTTP/${version}\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n`;
	const {replies: [headed]} = await exchange({port: reg.daemon.ports.http}, line('HEAD', '1.1'), {finish: 1, heads: [0]});
	assert.equal(headed.status, 200);
	assert.equal(headed.header('content-type'), 'text/event-stream');
	const socket = net.connect(reg.daemon.ports.http, '127.0.0.1', () => socket.write(line('GET', '1.0').replace(`after=${made}`, 'after=0')));
	let said = '';
	socket.on('data', d => { said += d; });
	await until(() => said.includes('\ndata: '));
	assert.match(said, /^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n\r\nretry: \d+\n\nid: \d+\ndata: \{/);
	assert.doesNotMatch(said, /transfer-encoding/i);
	socket.destroy();
});

test('one reader and the process have only so many, and who leaves makes room at once', async () => {
	const from = address => ({key: null, headers: {'x-forwarded-for': address}});
	const path = `/v1/events?after=${await settled()}`;
	const mine = await Promise.all(Array.from({length: ONE}, () => listen(path)));
	const refused = await request(new URL(path, reg.url), {key: reg.adminKey, headers: SSE});
	assert.equal(refused.status, 429, refused.text);
	assert.ok(Number(refused.headers['retry-after']) >= 1);
	assert.equal((await request(new URL(path, reg.url), {key: reg.adminKey})).status, 200); // the list goes on
	for (let i = 0; i < ALL - ONE - 1; i++)
		await listen(path, from(`192.0.2.${1 + Math.floor(i / ONE)}`));
	const full = await request(new URL(path, reg.url), {headers: {...SSE, 'x-forwarded-for': '192.0.2.99'}});
	assert.equal(full.status, 503, full.text);
	assert.ok(Number(full.headers['retry-after']) >= 1);
	mine[0].close();
	const left = performance.now();
	await listen(path);
	assert.ok(performance.now() - left < 10_000, 'and not only with the next heartbeat');
});

test('a revoked key ends its stream before anything more is told', async () => {
	const {key, id} = await makeKey(reg, {roles: {'*': ['VIEWER']}});
	const stream = await listen(`/v1/events?after=${await settled()}`, {key});
	await write(1);
	await stream.have(1);
	await reg.sql('update assetd.api_key set revoked_at = now() where id = $1', [id]);
	await until(async () => {
		await write(1);
		return stream.ended;
	}, {what: 'the stream to end'});
	assert.equal((await request(new URL('/v1/events', reg.url), {key, headers: SSE})).status, 401);
});

test('a reader that takes nothing is dropped, having cost little', async () => {
	const from = await settled();
	for (let i = 0; i < 2; i++)
		await write(500, {data: JSON.stringify({text: 'x'.repeat(15_000)})});
	await settled();
	const before = await reg.daemon.metrics();
	const socket = net.connect(reg.daemon.ports.http, '127.0.0.1', () => socket.write(
		`GET /v1/events?after=${from} HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n`));
	socket.pause();
	socket.on('error', () => {});
	await until(async () => (await reg.daemon.metrics()).assetd_http_deadlines_total > before.assetd_http_deadlines_total, {what: 'it to be dropped'});
	// Meanwhile the others are served, and one that reads gets it all.
	const quick = await listen(`/v1/events?after=${from}&types=place.*`);
	await quick.have(1000);
	assert.equal(new Set(quick.events.map(e => e.id)).size, quick.events.length);
	quick.close();
	socket.destroy();
});

test('a silent stream is kept alive by comments, which say how far it has got', async () => {
	await until(() => silent.comments && Number(silent.lastId) > silentFrom, {what: 'a comment'});
	assert.ok(Number(silent.lastId) <= await head());
	assert.deepEqual([silent.events.length, silent.ended], [0, false]);
});

test('the end of the process ends streams at once, whole or by half', async () => {
	const position = await settled();
	const quiet = await listen(`/v1/events?after=${position}`);
	const stuck = net.connect(reg.daemon.ports.http, '127.0.0.1', () => stuck.write(
		`GET /v1/events?after=0 HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n`));
	stuck.pause();
	stuck.on('error', () => {});
	const began = performance.now();
	await reg.daemon.stop(); // throws unless it ends cleanly
	assert.ok(performance.now() - began < 10_000);
	await until(() => quiet.ended);
	stuck.destroy();
	await reg.daemon.start();
	const stream = await listen('/v1/events', {headers: {'last-event-id': String(position)}});
	await write(1);
	await stream.have(1);
	assert.equal(stream.events[0].id, String(position + 1));
	stream.close();
});
