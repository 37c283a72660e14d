// Libevent cannot live through a failed allocation, so the process does not let it: it says
// so in one line and exits with 71, the supervisor starts it again, and who asked meanwhile
// is served by the next life. Never a crash, never a hang.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {discard, request} from '../harness/index.mjs';
import {prepareServer} from '../integration/server.mjs';
import {startActivated} from './fakesystemd.mjs';

const back_ms = []; // how long the request after each failure took to be served by the next life

/* One life in which the n-th allocation fails. True if it got so far. */
async function life(n) {
	const daemon = await prepareServer({conf: {http: {workers: 1}}});
	const service = await startActivated(daemon, ['--first', `ASSETD_FAIL_EVENT_ALLOC=${n}`], {args: ['--role', 'api']});
	const ask = () => request(`${service.url}/livez`, {agent: false, deadline_ms: 10_000}).then(r => r.status, () => 'cut');
	let ends, lines;
	try {
		// Some connections' worth of work. The request that meets the failure may be cut off;
		// the next is served by the next life.
		const statuses = [];
		for (let i = 0; i < 4; i++) {
			const began = performance.now();
			statuses.push(await ask());
			if (statuses.at(-2) === 'cut')
				back_ms.push(performance.now() - began);
		}
		const cut = statuses.indexOf('cut');
		assert.equal(statuses.filter(s => s === 200).length, cut < 0 ? 4 : 3, `${n}: ${statuses}`);
	} finally {
		await service.supervisor.stop('SIGTERM');
		ends = service.events().filter(([name]) => name === 'exited' || name === 'killed');
		lines = daemon.logLines().filter(line => line.what === 'out of memory');
		discard(daemon.folder);
	}
	// A successor that is told to end before it has begun ends by the signal itself.
	const isEnd = ([name, status]) => (name === 'exited' && status === 0) || (name === 'killed' && status === 15);
	const failures = ends.filter(end => !isEnd(end));
	if (!failures.length)
		return false;
	assert.deepEqual(failures, [['exited', 71]], `allocation ${n}`);
	assert.equal(lines.length, 1, 'one line says why');
	return true;
}

test('each allocation of libevent fails once', async () => {
	let failed = 0;
	// Every one in the long run; else all of the first, then one in five.
	for (let n = 1, step = 1; ; n += step) {
		if (!await life(n))
			break;
		failed++;
		assert.ok(n < 2_000, 'there is an end to them');
		step = process.env.ASSETD_LONG || n < 10 ? 1 : 5;
	}
	assert.ok(failed > 10, `${failed} allocations failed`);
	back_ms.sort((a, b) => a - b);
	console.log(`# ${failed} failed; the next request was served within ${back_ms.map(ms => ms.toFixed()).join(', ')} ms`);
	assert.ok(back_ms.length > 0 && back_ms[back_ms.length >> 1] < 1_000, `served after ${back_ms} ms`);
});
