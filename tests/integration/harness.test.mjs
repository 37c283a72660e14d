// The harness itself: what the other tests stand on must fail when it should.

import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {test} from 'node:test';
import {Webhook} from 'standardwebhooks';
import {Daemon, TREE, exchange, freePort, request, run, scratch, split, start, startCluster, startSink, until, verify} from '../harness/index.mjs';

test('until returns what came, and tells what did not', async () => {
	let n = 0;
	assert.equal(await until(() => ++n === 3 && 'third'), 'third');
	await assert.rejects(until(() => { throw new Error('still closed'); }, {deadline_ms: 30, what: 'the door'}),
		error => /waiting for the door/.test(error.message) && error.cause.message === 'still closed');
});

test('no port is given twice', async () => {
	const ports = [];
	while (ports.length < 1000)
		ports.push(await freePort());
	assert.equal(new Set(ports).size, ports.length);
});

test('a cluster starts, keeps what it was told, and dies without loss when durable', async () => {
	const cluster = await startCluster({durable: true});
	try {
		await cluster.createDatabase('one');
		const sql = (text, params) => cluster.sql(text, params, {database: 'one'});
		await sql('create table t (n bigint, d date)');
		await sql('insert into t values ($1, $2)', [1, '2026-03-29']);
		assert.deepEqual(await sql('select * from t'), [{n: 1, d: '2026-03-29'}]);
		assert.equal((await sql('show fsync'))[0].fsync, 'on');
		await cluster.stop('SIGKILL');
		await cluster.start();
		assert.deepEqual(await sql('select n from t'), [{n: 1}]);
		await cluster.createDatabase('two', {template: 'one'});
		assert.deepEqual(await cluster.sql('select n from t', [], {database: 'two'}), [{n: 1}]);
	} finally {
		await cluster.end();
	}
	assert.equal(fs.existsSync(cluster.folder), false);
});

test('nothing outlives a test process, not even when it is killed', async () => {
	const folder = scratch();
	const script = `
		import {start, startCluster} from ${JSON.stringify(path.join(TREE, 'tests/harness/index.mjs'))};
		const cluster = await startCluster();
		const child = start('sleep', ['1000'], {logFile: ${JSON.stringify(path.join(folder, 'log'))}});
		console.log(cluster.process.pid, child.pid);
		setInterval(() => {}, 1000);`;
	const isAlive = pid => {
		try {
			return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
		} catch {
			return false;
		}
	};
	for (const signal of ['SIGKILL', 'SIGTERM']) {
		const child = spawn(process.execPath, ['--input-type=module', '-e', script], {stdio: ['ignore', 'pipe', 'ignore'], cwd: TREE});
		let out = '';
		child.stdout.on('data', d => { out += d; });
		await until(() => /\d+ \d+\n/.test(out), {deadline_ms: 30_000, what: 'two children'});
		const pids = out.trim().split(' ').map(Number);
		assert.ok(pids.every(isAlive));
		child.kill(signal);
		await until(() => !pids.some(isAlive), {what: `the children's end after ${signal}`});
	}
});

test('replies are cut apart by their own framing', () => {
	const bytes = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 204 No Content\r\n\r\n' +
		'HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\nConnection: close\r\n\r\nnorest');
	const {replies, rest} = split(bytes);
	assert.deepEqual(replies.map(r => [r.status, r.body.toString()]), [[200, 'abc'], [204, ''], [400, 'no']]);
	assert.equal(replies[2].header('Connection'), 'close');
	assert.equal(rest.toString(), 'rest');
	assert.equal(split(bytes, [0]).replies.length, 1, 'the reply to HEAD has no body, so what follows is no reply');
});

test('an exchange sends exactly its bytes and sees the close', async () => {
	const server = http.createServer((_, response) => response.end('hello'));
	await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
	const {port} = server.address();
	try {
		const two = 'GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n';
		const got = await exchange({port}, two);
		assert.deepEqual(got.replies.map(r => r.status), [200, 200]);
		assert.equal(got.closed, true);
		assert.deepEqual((await exchange({port}, ['GET / HT', 5, 'TP/1.1\r\nHost: h\r\n\r\n'], {finish: 1})).replies.length, 1);
		assert.equal((await exchange({port}, 'BAD\r\n\r\n')).replies[0].status, 400);
		await assert.rejects(exchange({port}, 'GET / HTTP/1.1\r\n', {deadline_ms: 50}), /still open/);
		assert.equal((await request(`http://127.0.0.1:${port}/`)).text, 'hello');
	} finally {
		server.closeAllConnections();
		server.close();
	}
});

test('the sink keeps deliveries, echoes a nonce, and a forged signature is refused', async () => {
	const secret = 'whsec_' + Buffer.alloc(24, 7).toString('base64');
	const signed = (id, body) => {
		const at = new Date();
		return {'webhook-id': id, 'webhook-timestamp': String(Math.floor(at / 1000)), 'webhook-signature': new Webhook(secret).sign(id, at, body)};
	};
	const sink = await startSink({tls: true, respond: (_, n) => n === 1 ? {status: 503} : undefined});
	try {
		const ca = fs.readFileSync(sink.ca);
		const send = body => request(sink.url, {method: 'POST', body, ca, headers: signed('msg_1', body)});
		assert.equal((await send(JSON.stringify({type: 'endpoint.ping', data: {nonce: 'n0'}}))).text, 'n0');
		assert.equal((await send('{"type":"a"}')).status, 503);
		assert.equal((await send('{"type":"b"}')).status, 200);
		const b = await sink.waitFor(d => d.json?.type === 'b');
		assert.deepEqual(verify(secret, b), {type: 'b'});
		assert.throws(() => verify(secret, {...b, text: '{"type":"c"}'}));
		await assert.rejects(request(sink.url, {method: 'POST', body: '{}'}), 'an unknown CA is refused');
	} finally {
		await sink.stop();
	}
});

test('a sanitizer report or a bad exit code fails the stop of a daemon', async () => {
	const folder = scratch();
	const daemon = new Daemon(folder, {http: 1, metrics: 2}, {env: {}});
	fs.writeFileSync(daemon.logFile, '==1==ERROR: LeakSanitizer: detected memory leaks\n');
	assert.throws(() => daemon.check(0), /sanitizer report/);
	fs.writeFileSync(daemon.logFile, '{"level":"info","event":"end"}\nx.c:1:2: runtime error: shift\n');
	assert.throws(() => daemon.check(0), /sanitizer report/);
	fs.writeFileSync(daemon.logFile, '{"level":"info"}\n');
	assert.throws(() => daemon.check('SIGSEGV'), /ended with SIGSEGV/);
	daemon.check(0);
	assert.deepEqual(daemon.logLines(), [{level: 'info'}]);
});

test('run tells both outputs of what failed', async () => {
	await assert.rejects(run('sh', ['-c', 'echo out; echo err >&2; exit 3']), /: 3\nout\nerr/);
	assert.equal((await run('sh', ['-c', 'exit 3'], {ok: [3]})).code, 3);
	assert.equal((await run('cat', [], {input: 'through'})).stdout, 'through');
	const child = start('sh', ['-c', 'trap "" TERM; echo up; sleep 100 & wait; wait'], {logFile: path.join(scratch(), 'log')});
	await until(() => child.isRunning && execFileSync('ps', ['-o', 'pid=', '-g', String(child.pid)]).length);
	await assert.rejects(child.stop('SIGTERM', 200), /not within 200 ms/);
	assert.equal(child.isRunning, false);
});
