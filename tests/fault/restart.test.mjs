// Restarted again and again under load, with the socket kept by the supervisor, nobody is
// refused, reset or told to come again.

import assert from 'node:assert/strict';
import http from 'node:http';
import {after, test} from 'node:test';
import {discard, prepareDaemon, request, startCluster, until} from '../harness/index.mjs';
import {prepareServer} from '../integration/server.mjs';
import {startActivated} from './fakesystemd.mjs';

const RESTARTS = process.env.ASSETD_LONG ? 100 : 20;
const PER_SECOND = 200;

const cluster = await startCluster();
await cluster.createDatabase('assetd');
const daemon = await prepareDaemon(cluster, {});
after(async () => {
	await cluster.end();
	discard(daemon.folder);
});

/* Asks at an even rate, every other time on a connection of its own; tells what failed. */
function load(url) {
	const agent = new http.Agent({keepAlive: true, maxSockets: 16, scheduling: 'fifo'});
	const under = new Set(), failed = [];
	let sent = 0;
	const timer = setInterval(() => {
		// Timers drift on a busy machine; the rate is kept by what is due.
		for (const due = Math.round((performance.now() - began) / 1000 * PER_SECOND); sent < due; sent++) {
			const n = sent;
			const ask = request(`${url}${n % 4 < 2 ? '/livez' : '/v1/assets?limit=1'}`,
				{agent: n % 2 ? agent : false, deadline_ms: 20_000})
				.then(reply => { if (reply.status >= 400) failed.push(`${n}: ${reply.status} ${reply.text}`); },
					error => failed.push(`${n}: ${error.message}`))
				.finally(() => under.delete(ask));
			under.add(ask);
		}
	}, 5);
	const began = performance.now();
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
	const began = performance.now();
	for (let i = 0; i < RESTARTS; i++)
		await service.restart();
	const seconds = (performance.now() - began) / 1000;
	const {sent, failed} = await requests.stop();
	assert.deepEqual(failed.slice(0, 10), [], `${failed.length} of ${sent} failed`);
	assert.ok(sent > seconds * PER_SECOND * 0.8, `${sent} requests in ${seconds} s`);
	assert.equal(service.count('stopping'), RESTARTS);
	assert.deepEqual(service.events().filter(([name, n]) => name === 'killed' || (name === 'exited' && n !== 0)), []);
	await service.stop();
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
