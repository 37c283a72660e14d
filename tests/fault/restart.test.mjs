// Restarted again and again under load, with the socket kept by the supervisor, nobody is
// refused, reset or told to come again.

import assert from 'node:assert/strict';
import http from 'node:http';
import {after, test} from 'node:test';
import {discard, prepareDaemon, startCluster, until} from '../harness/index.mjs';
import {prepareServer} from '../integration/server.mjs';
import {startActivated} from './fakesystemd.mjs';

const RESTARTS = process.env.ASSETD_LONG ? 100 : 20;
const PER_SECOND = 200;
const MOST = 100; // requests under way
const DRAIN_IDLE_MS = 1000; // after which a process that ends closes an idle connection

const cluster = await startCluster();
await cluster.createDatabase('assetd');
const daemon = await prepareDaemon(cluster, {});
after(async () => {
	await cluster.end();
	discard(daemon.folder);
});

/* What one GET failed by, undefined when it did not. kept: the agent of the connection, false for one of its own. */
function get(url, kept) {
	return new Promise(resolve => {
		let idle_ms = 0;
		const ask = http.get(url, {agent: kept, timeout: 60_000}, reply => {
			reply.resume();
			reply.once('error', error => resolve(error.message));
			reply.once('end', () => resolve(reply.statusCode < 400 ? undefined : `status ${reply.statusCode}`));
		});
		ask.once('socket', socket => { idle_ms = performance.now() - (socket.freed_ms ?? Infinity); });
		ask.once('timeout', () => ask.destroy(new Error('no answer')));
		// The end of a connection that said nothing for so long may cross a question: who keeps one asks again (RFC 9112, 9.3.1).
		ask.once('error', error => {
			if (ask.reusedSocket && idle_ms > DRAIN_IDLE_MS * 0.9)
				get(url, false).then(resolve);
			else
				resolve(error.message);
		});
	});
}

/* Asks at an even rate, every other time on a connection of its own; tells what failed. */
function load(url) {
	const agent = new http.Agent({keepAlive: true, maxSockets: 16, scheduling: 'fifo'});
	agent.on('free', socket => { socket.freed_ms = performance.now(); });
	const under = new Set(), failed = [];
	let sent = 0, due = 0, last = performance.now();
	const timer = setInterval(() => {
		// Timers drift on a busy machine; the rate is kept by what is due, as far as answers keep up with it.
		const now = performance.now();
		due += (now - last) / 1000 * PER_SECOND;
		last = now;
		for (; due >= 1 && under.size < MOST; due--) {
			const n = sent++;
			const ask = get(`${url}${n % 4 < 2 ? '/livez' : '/v1/assets?limit=1'}`, n % 2 ? agent : false)
				.then(failure => {
					if (failure)
						failed.push(`${n}: ${failure}`);
					under.delete(ask);
				});
			under.add(ask);
		}
		due = Math.min(due, MOST);
	}, 5);
	return {
		async stop() {
			clearInterval(timer);
			await Promise.all(under);
			agent.destroy();
			return {sent, failed};
		},
	};
}

test(`${RESTARTS} restarts under ${PER_SECOND} requests a second: none fails`, async () => {
	const service = await startActivated(daemon, [], {args: ['--role', 'api']});
	await service.ready(1);
	const requests = load(service.url);
	let told;
	try {
		for (let i = 0; i < RESTARTS; i++)
			await service.restart();
	} finally {
		told = await requests.stop();
		await service.stop();
	}
	assert.deepEqual(told.failed.slice(0, 10), [], `${told.failed.length} of ${told.sent} failed`);
	assert.ok(told.sent > RESTARTS * PER_SECOND / 10, `${told.sent} requests over ${RESTARTS} restarts`);
	assert.equal(service.count('stopping'), RESTARTS + 1);
	assert.deepEqual(service.events().filter(([name, n]) => name === 'killed' || (name === 'exited' && n !== 0)), []);
});

test('the supervisor hears that it lives and that it reads its settings', async () => {
	const alone = await prepareServer();
	const service = await startActivated(alone, [], {env: {WATCHDOG_USEC: '1000000'}});
	await service.ready(1);
	await until(() => service.count('alive') > 2, {what: 'signs of life'});
	process.kill(service.service, 'SIGHUP');
	await until(() => service.count('reloading') === 1 && service.count('ready') === 2, {what: 'the reload'});
	await service.stop();
	discard(alone.folder);
});

test('the checker sees what it looks for: without the supervisor\'s socket requests do fail', async () => {
	await daemon.start({args: ['--role', 'api']});
	const requests = load(daemon.url);
	for (let i = 0; i < 3; i++) {
		await daemon.stop();
		await daemon.start({args: ['--role', 'api']});
	}
	const {failed} = await requests.stop();
	await daemon.stop();
	assert.ok(failed.length > 0);
});
