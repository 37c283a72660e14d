// Clients that are slow, greedy or gone: each deadline cuts, each cap holds, and the others do
// not notice. The deadlines are settings, shortened here; their order of size is kept.

import assert from 'node:assert/strict';
import {once} from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import {after, before, test} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import {exchange, request, startRegister, until} from '../harness/index.mjs';
import {startServer} from './server.mjs';

const GET = 'GET /livez HTTP/1.1\r\nHost: a\r\n\r\n';
const POST = length => `POST /v1/imports HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`;
const LATE_MS = 6_000; // what a loaded machine may add

let server, at;

before(async () => {
	server = await startServer({conf: {http: {head_ms: 400, body_ms: 700, idle_ms: 900, write_ms: 600, requests: 1_000_000}}});
	at = {port: server.ports.http};
});

after(() => server.stop());

const metric = async name => (await server.metrics())[`assetd_http_${name}`];

/* Drips bytes until it is cut; → {elapsed_ms, text}. */
function drip(first, byte, every_ms) {
	return new Promise((resolve, reject) => {
		const began = performance.now();
		let text = '';
		let timer;
		const socket = net.connect(at.port, '127.0.0.1', () => {
			socket.write(first);
			timer = setInterval(() => socket.write(byte), every_ms);
		});
		socket.on('data', d => { text += d; });
		socket.on('error', error => { if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error); });
		socket.on('close', () => {
			clearInterval(timer);
			resolve({elapsed_ms: performance.now() - began, text});
		});
	});
}

function within(elapsed_ms, deadline_ms) {
	assert.ok(elapsed_ms >= deadline_ms * 0.9, `cut early, after ${elapsed_ms} ms`);
	assert.ok(elapsed_ms < deadline_ms + LATE_MS, `cut late, after ${elapsed_ms} ms`);
}

test('a head that drips is cut with 408, however busy it looks', async () => {
	const before = await metric('deadlines_total');
	const {elapsed_ms, text} = await drip('GET /livez HTTP/1.1\r\nX: ', 'y', 20);
	within(elapsed_ms, 400);
	assert.match(text, /^HTTP\/1\.1 408 .*"type":"\/v1\/problems\/request-timeout"/s);
	assert.ok(await metric('deadlines_total') > before);
});

test('a second head that drips is cut too', async () => {
	const {text} = await drip(GET + 'GET /livez HTTP/1.1\r\nX: ', 'y', 20);
	assert.match(text, /^HTTP\/1\.1 200 .*HTTP\/1\.1 408 /s);
});

test('a body that drips is cut with 408', async () => {
	const {elapsed_ms, text} = await drip(POST(100_000), 'y', 20);
	within(elapsed_ms, 700);
	assert.match(text, /^HTTP\/1\.1 408 /);
});

test('a connection that says nothing is closed without a word', async () => {
	const got = await exchange(at, '');
	within(got.elapsed_ms, 400);
	assert.deepEqual(got.replies, []);
});

test('an idle connection is closed without a word', async () => {
	const got = await exchange(at, GET);
	within(got.elapsed_ms, 900);
	assert.deepEqual(got.replies.map(r => r.status), [200]);
});

test('a client that takes nothing of its replies is cut, and does not make us keep them', async () => {
	const socket = net.connect(at.port, '127.0.0.1');
	socket.pause();
	socket.on('error', () => {});
	await new Promise(resolve => { socket.once('connect', resolve); });
	// More replies than socket buffers hold; the daemon stops reading when they wait.
	const many = GET.repeat(20_000);
	socket.write(many);
	const before = await metric('deadlines_total');
	await until(async () => await metric('deadlines_total') > before, {what: 'the cut', deadline_ms: 10_000});
	const [, resident_kb] = /VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${server.process.pid}/status`, 'utf8'));
	assert.ok(Number(resident_kb) < 400_000, `${resident_kb} kB resident`); // with sanitizers
	socket.destroy();
});

test('a reply is taken whole in time, however little by little', async () => {
	const strict = await startServer({conf: {http: {write_ms: 60_000, take_ms: 700}}});
	try {
		const socket = net.connect(strict.ports.http, '127.0.0.1');
		socket.pause();
		const began = performance.now();
		const gone = once(socket, 'close').then(() => performance.now() - began);
		socket.on('error', () => {});
		// More than socket buffers hold, each reply more than is taken of it in the time that it has.
		socket.write('GET /v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(200));
		const timer = setInterval(() => socket.read(1024), 20);
		await until(async () => (await strict.metrics()).assetd_http_deadlines_total > 0, {what: 'the cut', deadline_ms: 15_000});
		clearInterval(timer);
		socket.resume();
		assert.ok(await gone >= 700 * 0.9);
	} finally {
		await strict.stop();
	}
});

test('a slow body is cut for its rate alone', async () => {
	const strict = await startServer({conf: {http: {body_rate: 1_000_000}}});
	try {
		const got = await exchange({port: strict.ports.http}, POST(1_000_000), {deadline_ms: 20_000});
		assert.deepEqual(got.replies.map(r => r.status), [408]);
		assert.ok(got.elapsed_ms > 4_500 && got.elapsed_ms < 15_000, `after ${got.elapsed_ms} ms`);
	} finally {
		await strict.stop();
	}
});

/** What a read is told that meets a locked table, with that much time for its reply, and after how long. */
async function readLocked(reply_ms) {
	const reg = await startRegister({conf: {http: {reply_ms}}});
	try {
		const told = await reg.cluster.session(async db => {
			await db.query('begin; lock table assetd.asset in access exclusive mode');
			const began = performance.now();
			const {replies: [reply]} = await exchange({port: reg.daemon.ports.http}, 'GET /v1/assets HTTP/1.1\r\nHost: a\r\n\r\n', {finish: 1});
			const elapsed_ms = performance.now() - began;
			await db.query('rollback');
			return {reply, elapsed_ms, type: JSON.parse(reply.body).type};
		}, {database: reg.database});
		assert.equal((await reg.anyone.get('/v1/assets')).status, 200);
		return told;
	} finally {
		await reg.stop();
	}
}

test('a reply that is not ready in time is 503, and what was asked goes on without its client', async () => {
	const {reply, elapsed_ms, type} = await readLocked(200);
	assert.deepEqual([reply.status, reply.header('connection'), type], [503, 'close', '/v1/problems/deadline']);
	within(elapsed_ms, 200);
	assert.ok(Number(reply.header('retry-after')) >= 1);
});

test('the checker sees it when nobody watches the time: the database gives up the lock first', async () => {
	const {type, elapsed_ms} = await readLocked(20_000);
	assert.notEqual(type, '/v1/problems/deadline');
	assert.ok(elapsed_ms >= 450, `after ${elapsed_ms} ms`);
});

/* A connection that has announced a body, and been told to send it: its room is taken. */
async function announce(at, length) {
	const socket = net.connect({host: '127.0.0.1', ...at});
	socket.write(POST(length).replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n'));
	const [said] = await once(socket, 'data');
	assert.match(said.toString(), /^HTTP\/1.1 100 /);
	return socket;
}

test('bodies in memory have a bound together', async () => {
	const tight = await startServer({conf: {limits: {body_mib: 26}}});
	const port = {port: tight.ports.http};
	try {
		const holder = await announce(port, 25 << 20);
		const got = await exchange(port, POST(2 << 20));
		assert.deepEqual([got.replies[0].status, got.replies[0].header('retry-after')], [503, '1']);
		holder.destroy();
		await until(async () => !(await exchange(port, POST(2 << 20), {finish: 'quiet', quiet_ms: 50})).replies.length,
			{what: 'room again'});
	} finally {
		await tight.stop();
	}
});

test('one address has a share of them, so that announcing is not enough to shut out others', async () => {
	const shared = await startServer({conf: {limits: {body_mib: 256, body_mib_per_address: 50}}});
	const from = localAddress => ({port: shared.ports.http, localAddress});
	const quiet = {finish: 'quiet', quiet_ms: 50};
	const holders = [];
	try {
		for (let i = 0; i < 2; i++)
			holders.push(await announce(from('127.0.0.1'), 25 << 20));
		const third = (await exchange(from('127.0.0.1'), POST(2 << 20))).replies[0];
		assert.equal(third.status, 503);
		assert.match(third.body.toString(), /from your address/);
		assert.equal((await exchange(from('127.0.0.2'), POST(2 << 20), quiet)).replies.length, 0, 'others are waited for');
	} finally {
		holders.forEach(socket => socket.destroy());
		await shared.stop();
	}
});

/* n connections that the daemon has taken, and nobody else's. */
async function hold(daemon, n) {
	const open = async () => (await daemon.metrics())['assetd_http_connections_open'] - 1; // less the question's own
	await until(async () => await open() === 0, {what: 'others to be gone'});
	const held = await Promise.all(Array.from({length: n}, () => new Promise((resolve, reject) => {
		const socket = net.connect(daemon.ports.http, '127.0.0.1', () => resolve(socket));
		socket.on('error', reject);
	})));
	await until(async () => await open() === n, {what: `${n} connections to be taken`});
	return held;
}

test('a body that comes byte by byte takes no more memory than it has', async () => {
	// What the address sanitizer keeps back of freed memory would be counted as the bodies'.
	const env = {ASAN_OPTIONS: 'detect_leaks=1:abort_on_error=0:exitcode=99:quarantine_size_mb=1'};
	const patient = await startServer({conf: {http: {workers: 1, body_rate: 0}}, env});
	const resident_mb = async () => (await patient.metrics()).process_resident_memory_bytes / (1 << 20);
	try {
		const slow = await hold(patient, 50);
		for (const socket of slow) {
			socket.setNoDelay(true);
			socket.write(POST(1_000_000));
		}
		await pause(200);
		const before_mb = await resident_mb();
		for (let turn = 0; turn < 1_000; turn++) {
			for (const socket of slow)
				socket.write('x');
			await pause(2);
		}
		const grown_mb = await resident_mb() - before_mb;
		assert.ok(grown_mb < 10, `${grown_mb} MB for 50 kB`);
		slow.forEach(socket => socket.destroy());
	} finally {
		await patient.stop();
	}
});

test('one address has its share of connections, and hears so', async () => {
	const strict = await startServer({conf: {limits: {connections_per_address: 8}}});
	try {
		const held = await hold(strict, 8);
		const got = await exchange({port: strict.ports.http}, '', {finish: 'close'});
		assert.deepEqual(got.replies.map(r => r.status), [503]);
		assert.equal(JSON.parse(got.replies[0].body).type, '/v1/problems/busy');
		held[0].destroy();
		await until(async () => (await exchange({port: strict.ports.http}, GET, {finish: 1})).replies[0].status === 200);
		held.forEach(s => s.destroy());
	} finally {
		await strict.stop();
	}
});

test('at the cap of all, who comes waits and is not turned away', async () => {
	const strict = await startServer({conf: {limits: {connections: 16}}});
	try {
		const held = await hold(strict, 16);
		const late = exchange({port: strict.ports.http}, GET, {finish: 1});
		held[0].write(GET);
		await new Promise(resolve => { held[0].once('data', resolve); });
		held[0].destroy();
		const {replies, elapsed_ms} = await late;
		assert.equal(replies[0].status, 200);
		assert.ok(elapsed_ms < 10_000, `after ${elapsed_ms} ms`);
		held.forEach(s => s.destroy());
	} finally {
		await strict.stop();
	}
});

test('clients that leave at any moment do no harm', async () => {
	const parts = [GET, GET.repeat(5), POST(50_000) + 'x'.repeat(25_000), POST(5) + 'hello', 'GET /li', GET + 'GET', ''];
	let failed = 0;
	await Promise.all(Array.from({length: 40}, async (_, lane) => {
		for (let i = 0; i < 25; i++) {
			await new Promise(resolve => {
				const socket = net.connect(at.port, '127.0.0.1', () => {
					socket.write(parts[(lane + i) % parts.length]);
					if (i % 3 === 0)
						socket.resetAndDestroy();
					else if (i % 3 === 1)
						socket.destroy();
					else
						setImmediate(() => socket.resetAndDestroy());
				});
				socket.on('error', () => { failed++; });
				socket.on('close', resolve);
			});
		}
	}));
	assert.ok(failed < 1000);
	assert.equal((await request(`${server.url}/livez`, {agent: false})).status, 200);
	await until(async () => await metric('connections_open') <= 2, {what: 'all of them to be let go'});
});
