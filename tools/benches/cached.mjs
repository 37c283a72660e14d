// bench `cached`: one published asset asked for by anybody again and again, 64 connections: whole, and by whoever
// has it already (If-None-Match → 304), against Fastify + pg reading it, and against the limit, our own HTTP layer
// answering a file of about that size from memory.
//
// BENCH_ASSETS (200,000), and those of common.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {goal, interleave, machine, middle, ratio, ROUNDS, say, wrk, wrkScript} from './common.mjs';
import {assetId} from './register.mjs';
import {startFilled, startPeer} from './sides.mjs';

const {discard, request, scratch} = await import('../../tests/harness/index.mjs');

const ASSETS = Number(process.env.BENCH_ASSETS ?? 200_000);
const FROM_MEMORY = /"(\/a\/init\.[0-9a-f]+\.js)"/;

function report(rounds) {
	for (const name of Object.keys(rounds))
		say({bench: 'cached', arm: name, rps: Math.round(middle(rounds, name, 'rps')), p99_ms: middle(rounds, name, 'p99_ms'), rounds: ROUNDS});
	for (const [name, what] of [['assetd', 'whole'], ['unchanged', '304']]) {
		say({bench: 'cached', what, against: 'Fastify + pg', ...goal({ratio: ratio(rounds, 'rps', name, 'fastify'), least: 10})});
		say({bench: 'cached', what, limit: 'our HTTP layer answering from memory', ...goal({ratio: ratio(rounds, 'rps', name, 'memory'), least: 0.9})});
	}
	say({bench: 'cached', assets: ASSETS, limits: 'off', load: fs.readFileSync('/proc/loadavg', 'utf8').split(' ')[0], machine: machine()});
}

async function main() {
	const folder = scratch();
	let reg, child;
	try {
		reg = await startFilled(ASSETS);
		const target = `/v1/assets/${assetId(Math.ceil(ASSETS / 2))}`, first = await request(reg.url + target);
		const peer = await startPeer({program: 'page.mjs', args: ['columns'], reg, target, folder});
		child = peer.child;
		assert.equal((await request(peer.url + target)).json.name, first.json.name);
		const etag = first.headers.etag;
		assert.equal((await request(reg.url + target, {headers: {'If-None-Match': etag}})).status, 304);
		const [, memory] = FROM_MEMORY.exec((await reg.anyone.get('/')).text);
		const plain = wrkScript(folder, 'plain');
		const unchanged = wrkScript(folder, 'unchanged', `wrk.headers["If-None-Match"] = ${JSON.stringify(etag)}`);
		const arms = {assetd: {url: reg.url + target, script: plain}, unchanged: {url: reg.url + target, script: unchanged},
			fastify: {url: peer.url + target, script: plain}, memory: {url: reg.url + memory, script: plain}};
		report(await interleave(arms, arm => wrk(arm.url, arm.script)));
	} finally {
		await child?.stop('SIGTERM', 5_000);
		await reg?.stop();
		discard(folder);
	}
}

await main();
