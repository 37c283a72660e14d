// Those who wait when the process is told to end: for events, for a write to show in the feed or in
// the projections. Each is answered at once, by a whole reply that says what it means, and the
// process does not stay for them.

import assert from 'node:assert/strict';
import {once} from 'node:events';
import net from 'node:net';
import {after, test} from 'node:test';
import {request, startRegister, until, within} from '../harness/index.mjs';

const reg = await startRegister({proxied: true});
after(() => reg.stop());
const {cluster, proxy} = reg;
const answered = {}; // statements whose answer has come, {name: how often}
proxy.cut = batch => {
	for (const name of batch)
		answered[name] = (answered[name] ?? 0) + 1;
	return false;
};
const council = (await reg.sql('select min(id) as id from assetd.authority'))[0].id;

// What waits waits 30 s when it is not told; a loaded machine may take half of that to tell it.
const WAIT_S = 30, PROMPT_MS = 15_000, READERS = 30;

const ask = (path, key = reg.adminKey) => request(new URL(path, reg.url), {key, agent: false, deadline_ms: 60_000});

/** The answers of those who ask, when their questions have been looked at `looks` times and the end has been called. */
async function atTheEnd(paths, statement, looks = paths.length) {
	const before = answered[statement] ?? 0;
	const asked = Promise.all(paths.map(path => ask(path)));
	asked.catch(() => {});
	await until(() => (answered[statement] ?? 0) >= before + looks, {what: `${looks} × ${statement}`});
	const began = performance.now();
	const ended = reg.daemon.stop(); // throws unless it ends cleanly
	const replies = await asked;
	const took_ms = performance.now() - began;
	await ended;
	await reg.daemon.start();
	return {replies, took_ms};
}

async function head() {
	return Number((await reg.sql('select position from assetd.feed_state'))[0].position);
}

/** Nothing more to tell, so that who asks for events waits. */
const settled = () => until(async () => await head() === (await reg.sql('select count(*)::int as n from assetd.change'))[0].n,
	{what: 'every change to be told'});

test('readers of the feed are told that there is nothing yet, and where to go on', async () => {
	await settled();
	const path = `/v1/events?after=${await head()}&types=asset.*&wait=${WAIT_S}`;
	const {replies, took_ms} = await atTheEnd(Array(READERS).fill(path), 'event_page');
	for (const reply of replies) {
		assert.equal(reply.status, 200, reply.text);
		assert.deepEqual(reply.json, {items: [], next: path});
		assert.equal(reply.headers.connection, 'close');
	}
	assert.ok(took_ms < PROMPT_MS, `after ${took_ms} ms`);
});

test('who waits for a write to show is told that it cannot be shown here', async () => {
	await cluster.session(async db => {
		// A writer, as far as anybody knows: nothing that begins after it has a place in the feed.
		await db.query('begin; select pg_current_xact_id()');
		const made = await reg.admin.post('/v1/assets', {authority_id: council, name: 'Held', class: 'HALL', tenure: 'OWNED'});
		assert.equal(made.status, 201, made.text);
		const event = made.headers['event-id'];
		const paths = ['/v1/events', `/v1/events/${event}`, '/v1/projections/receipts'].flatMap(path => Array(5).fill(`${path}?min_event=${event}`));
		const {replies} = await atTheEnd(paths, 'event_seen');
		for (const reply of replies) {
			assert.equal(reply.status, 503, reply.text);
			assert.match(reply.json.type, /^\/v1\/problems\/(not-ready|draining)$/);
			assert.ok(Number(reply.headers['retry-after']) >= 1);
			assert.equal(reply.headers.connection, 'close');
		}
		await db.query('rollback');
		for (const path of paths) // whoever comes next can
			assert.equal((await until(async () => {
				const reply = await ask(path);
				return reply.status === 200 && reply;
			}, {what: path})).status, 200);
	});
});

test('who begins to wait when the end has begun is answered at once', async () => {
	await settled();
	const position = await head();
	const talk = text => new Promise((resolve, reject) => {
		const socket = net.connect(reg.daemon.ports.http, '127.0.0.1', () => {
			socket.write(text);
			resolve({
				socket,
				got: new Promise(done => {
					let said = '';
					socket.on('data', d => { said += d; });
					socket.on('close', () => done(said));
				}),
			});
		});
		socket.on('error', reject);
	});
	// Half a head: it is not idle, and so is let finish.
	const late = await talk(`GET /v1/events?after=${position}&wait=${WAIT_S} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${reg.adminKey}\r\n`);
	// Answered and idle: closed without a word when the end has begun, and not before.
	const idle = await talk('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n');
	await once(idle.socket, 'data');
	const began = performance.now();
	const ended = reg.daemon.stop();
	await within(idle.got, 30_000, 'the end to begin');
	late.socket.write('\r\n');
	const said = await within(late.got, 60_000, 'the answer');
	assert.match(said, /^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n[^]*"items":\[\]/i, said);
	assert.ok(performance.now() - began < PROMPT_MS);
	await ended;
	await reg.daemon.start();
});

test('the checker sees it when a reader is left waiting', async () => {
	// What a process does that goes without a word: the line is cut, and nobody has an answer.
	await settled();
	const before = answered.event_page ?? 0;
	const asked = ask(`/v1/events?after=${await head()}&types=none.*&wait=${WAIT_S}`).then(reply => reply.status, error => error.code);
	await until(() => (answered.event_page ?? 0) > before, {what: 'the look'});
	await reg.daemon.kill();
	assert.equal(await asked, 'ECONNRESET');
	await reg.daemon.start();
});

test('parts that wait for the database as they begin end with the rest', async () => {
	await reg.daemon.stop();
	await cluster.session(async db => {
		await db.query('begin; lock table assetd.feed_state, assetd.asset in access exclusive mode');
		await reg.daemon.start({ready: false});
		const waiting = async table => (await reg.sql(`select from pg_locks where not granted and relation = '${table}'::regclass`)).length > 0;
		await until(async () => await waiting('assetd.feed_state') && waiting('assetd.asset'), {what: 'the feed and the projector to wait'});
		await reg.daemon.stop(); // throws unless it ends cleanly
		await db.query('rollback');
	});
	await reg.daemon.start();
});
