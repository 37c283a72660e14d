// G-S7 and A-09: a crowd of slow and idle connections, most of them dripping heads, is a nuisance to
// nobody: good clients are served as before, and each dripper is cut at its deadline. Beside the
// daemon with the crowd runs one without, asked in turns with it, so that whatever else the
// machine does slows both.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import {once} from 'node:events';
import {test} from 'node:test';
import {measured, until} from '../harness/index.mjs';
import {startServer} from '../integration/server.mjs';

const DRIPPERS = process.env.ASSETD_LONG ? 5_000 : 2_000;
const IDLE = process.env.ASSETD_LONG ? 5_000 : 500;
const HEAD_MS = 10_000;
const GET = 'GET /livez HTTP/1.1\r\nHost: a\r\n\r\n';
const WINDOW = 200; // round trips to each daemon, of which the second slowest counts

const connect = port => new Promise((resolve, reject) => {
	const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
	socket.on('error', reject);
});

/** One good client of each daemon; window() → the 99th percentiles of both in ms, measured in turns. */
async function goodClients(...ports) {
	const sockets = await Promise.all(ports.map(connect));
	sockets.forEach(s => s.setNoDelay(true));
	const ask = async socket => {
		const began = performance.now();
		socket.write(GET);
		await once(socket, 'data');
		return performance.now() - began;
	};
	return {
		async window() {
			const took = sockets.map(() => []);
			for (let i = 0; i < WINDOW; i++) {
				for (const [n, socket] of sockets.entries())
					took[n].push(await ask(socket));
			}
			return took.map(list => list.sort((a, b) => a - b)[Math.floor(WINDOW * 0.99) - 1]);
		},
		stop: () => sockets.forEach(s => s.destroy()),
	};
}

const median = list => [...list].sort((a, b) => a - b)[list.length >> 1];
const resident_mb = pid => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function crowd(port) {
	const drippers = [], idle = [];
	const began = performance.now();
	await Promise.all(Array.from({length: DRIPPERS + IDLE}, async (_, i) => {
		const socket = await connect(port);
		socket.removeAllListeners('error').on('error', () => {});
		socket.on('data', () => {});
		if (i < DRIPPERS) {
			const dripper = {socket, began: performance.now()};
			socket.write('GET /livez HTTP/1.1\r\nHost: a\r\nX: ');
			socket.on('close', () => { dripper.cut_ms = performance.now() - dripper.began; });
			drippers.push(dripper);
		} else {
			socket.write(GET);
			idle.push(socket);
		}
	}));
	return {drippers, idle, opened_ms: performance.now() - began};
}

test(`${DRIPPERS} dripping and ${IDLE} idle connections`, () => measured(async () => {
	const conf = {http: {head_ms: HEAD_MS, requests: 1_000_000}, limits: {connections: 20_000, connections_per_address: 20_000}};
	// What the address sanitizer keeps back of freed memory would be counted as the crowd's.
	const env = {ASAN_OPTIONS: 'detect_leaks=1:abort_on_error=0:exitcode=99:quarantine_size_mb=1'};
	const [daemon, control] = [await startServer({conf, env}), await startServer({conf, env})];
	const good = await goodClients(daemon.ports.http, control.ports.http);
	await good.window();
	const before_mb = resident_mb(daemon.process.pid);
	const {drippers, idle, opened_ms} = await crowd(daemon.ports.http);
	// A byte a second from each, some every few milliseconds, as many clients would.
	let turn = 0;
	const drip = setInterval(() => {
		for (let i = turn++ % 50; i < drippers.length; i += 50)
			drippers[i].cut_ms ?? drippers[i].socket.write('y');
	}, 20);
	const windows = [];
	const isFull = () => drippers.every(d => d.cut_ms === undefined);
	let isCrowded = false; // during the whole of one window at least
	do {
		windows.push(await good.window());
		isCrowded ||= isFull();
	} while (isFull() && windows.length < 25);
	const crowd_mb = resident_mb(daemon.process.pid);
	await until(() => drippers.every(d => d.cut_ms !== undefined), {deadline_ms: 2 * HEAD_MS, what: 'every dripper to be cut'});
	clearInterval(drip);
	const cut = drippers.map(d => d.cut_ms);
	const [first_ms, last_ms] = [Math.min(...cut), Math.max(...cut)];
	const [crowded_ms, quiet_ms] = [0, 1].map(n => median(windows.map(w => w[n])));
	const ratio = median(windows.map(([crowded, quiet]) => crowded / quiet));
	console.log(`# opened in ${opened_ms.toFixed()} ms; p99 ${crowded_ms.toFixed(2)} ms in the crowd, ${quiet_ms.toFixed(2)} ms beside it, ` +
		`ratio ${ratio.toFixed(2)} over ${windows.length} windows; ${before_mb.toFixed()} MB and ${crowd_mb.toFixed()} MB; ` +
		`cut after ${first_ms.toFixed()} to ${last_ms.toFixed()} ms`);
	const areLetBe = idle.every(s => !s.destroyed);
	idle.forEach(s => s.destroy());
	good.stop();
	await Promise.all([daemon.stop(), control.stop()]);
	assert.ok(areLetBe, 'those that only wait are let be');
	assert.ok(isCrowded, 'some were measured while all were there');
	assert.ok(opened_ms < 5_000, `opened in ${opened_ms} ms`);
	assert.ok(ratio <= 1.2, `p99 is ${ratio} times that of a daemon without a crowd`);
	assert.ok(Math.min(...windows.map(w => w[0])) < 10, `p99 ${windows.map(w => w[0].toFixed(1))} ms`);
	assert.ok(first_ms > HEAD_MS * 0.9 && last_ms <= 15_000, `cut after ${first_ms} to ${last_ms} ms`);
	assert.ok(crowd_mb - before_mb < 100, `${crowd_mb - before_mb} MB for the crowd`);
}));
