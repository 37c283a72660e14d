// 1,000 connections against a daemon that may have 256 descriptors, and one whose
// descriptors run out under it. It neither spins nor floods its log, serves those it has, and is
// itself again as soon as there is room.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import {execFileSync} from 'node:child_process';
import {test} from 'node:test';
import {discard, exchange, measured, request, until} from '../harness/index.mjs';
import {prepareServer, startServer} from '../integration/server.mjs';
import {startActivated} from './fakesystemd.mjs';

const GET = 'GET /livez HTTP/1.1\r\nHost: a\r\n\r\n';
const TICKS_PER_SECOND = 100;

/* Processor time of a process so far, in seconds. */
function used(pid) {
	const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ');
	return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/* n connections, whether or not they are taken; errors are theirs. */
function flood(port, n) {
	return Array.from({length: n}, () => {
		const socket = net.connect(port, '127.0.0.1');
		socket.on('error', () => {});
		return socket;
	});
}

/* A client that keeps asking on one connection; → {stop() → {asked, slowest_ms}}. */
async function steady(port) {
	const socket = net.connect(port, '127.0.0.1');
	let asked = 0, slowest_ms = 0, isOver = false, failed;
	socket.on('error', error => { failed = error; });
	const running = (async () => {
		while (!isOver && !failed) {
			const began = performance.now();
			socket.write(GET);
			await new Promise(resolve => { socket.once('data', resolve); socket.once('close', resolve); });
			asked++;
			slowest_ms = Math.max(slowest_ms, performance.now() - began);
			await new Promise(resolve => { setTimeout(resolve, 5); }); // an even load, not a flood
		}
	})();
	await until(() => asked > 3, {what: 'a steady client'});
	return {
		async stop() {
			isOver = true;
			await running;
			socket.destroy();
			assert.equal(failed, undefined);
			return {asked, slowest_ms};
		},
	};
}

/* What the daemon costs and says in 2 s of this state. */
async function watch(pid, log) {
	const before = used(pid), began = performance.now(), lines = log().split('\n').length;
	await until(() => performance.now() - began > 2_000, {every_ms: 100, what: 'two seconds'});
	const seconds = (performance.now() - began) / 1000;
	return {share: (used(pid) - before) / seconds, lines: (log().split('\n').length - lines) / seconds};
}

const trial = (port, pid, log) => measured(async () => {
	const client = await steady(port);
	const quiet = await watch(pid, log);
	const crowd = flood(port, 1_000);
	const busy = await watch(pid, log);
	crowd.forEach(s => s.destroy());
	const began = performance.now();
	await until(async () => (await exchange({port}, GET, {finish: 1})).replies[0]?.status === 200, {what: 'recovery'});
	const back_ms = performance.now() - began;
	const {asked, slowest_ms} = await client.stop();
	assert.ok(busy.share - quiet.share < 0.2, `${busy.share} of a processor, ${quiet.share} without the crowd`);
	assert.ok(busy.lines < 20, `${busy.lines} lines a second`);
	assert.ok(back_ms < 1_000, `itself again after ${back_ms} ms`);
	assert.ok(asked > 100 && slowest_ms < 1_000, `${asked} asked, the slowest took ${slowest_ms} ms`);
});

test('256 descriptors and 1,000 connections', async () => {
	const daemon = await prepareServer();
	const service = await startActivated(daemon, ['--nofile', '256']);
	await service.ready(1);
	assert.match(daemon.log(), /"fewer connections than set, for want of descriptors"/);
	await trial(service.port, service.service, () => daemon.log());
	await service.stop();
	discard(daemon.folder);
});

test('descriptors that run out under a running daemon', async () => {
	const daemon = await startServer();
	const port = daemon.ports.http;
	const open = fs.readdirSync(`/proc/${daemon.process.pid}/fd`).length;
	execFileSync('prlimit', [`--pid=${daemon.process.pid}`, `--nofile=${open + 20}:${open + 20}`]);
	await trial(port, daemon.process.pid, () => daemon.log());
	const lines = daemon.logLines().filter(line => line.what === 'cannot accept');
	assert.ok(lines.length > 0, 'it did run out');
	assert.ok((await daemon.metrics())['assetd_http_connections_refused_total'] > 0, 'some heard of it at once');
	assert.equal((await request(`${daemon.url}/livez`, {agent: false})).status, 200);
	await daemon.stop();
});
