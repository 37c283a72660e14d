// Each benchmark still runs: one round, a second of load at most, a handful of assets, on the
// build under test. What it prints must be the lines that tools/benches/README.md promises.
import assert from 'node:assert/strict';
import path from 'node:path';
import {describe, test} from 'node:test';
import {BUILD, run, TREE} from '../harness/index.mjs';

const TOY = {BENCH_ROUNDS: '1', BENCH_SECONDS: '1', BENCH_ASSETS: '3200', BENCH_PACE: '10', BENCH_DELIVERIES: '400', BENCH_HELD_S: '2', BENCH_SIZES: 'one', ASSETD_BUILD: BUILD};

/* Those in which each asset costs much. */
const TOY_ASSETS = {asof: '700', import: '300', memory: '300', simulate: '100', 'simulate-delta': '100'};

const {stdout: list} = await run(path.join(TREE, 'tools/bench'), ['list']);
const names = list.trim().split('\n').map(line => line.split(/\s/)[0]);

/* A line that compares says with what, how it came out, and whether that is what we want. */
function assertCompares(line) {
	assert.ok(Number.isFinite(line.ratio ?? line.growth ?? line.figure), JSON.stringify(line));
	assert.ok(line.against ?? line.limit, JSON.stringify(line));
	assert.equal(typeof line.met, 'boolean', JSON.stringify(line));
}

describe('benches', {concurrency: 3}, () => {
	for (const name of names) {
		test(`${name} runs`, async () => {
			const {stdout} = await run(process.execPath, [path.join(TREE, `tools/benches/${name}.mjs`)],
				{deadline_ms: 120_000, env: {...process.env, ...TOY, ...(TOY_ASSETS[name] && {BENCH_ASSETS: TOY_ASSETS[name]})}});
			const lines = stdout.trim().split('\n').map(line => JSON.parse(line));
			assert.ok(lines.every(line => line.bench === name));
			assert.deepEqual(lines.filter(line => line.left_out), [], 'nothing is left out');
			const compared = lines.filter(line => line.goal !== undefined);
			assert.ok(compared.length >= 2, stdout);
			compared.forEach(assertCompares);
			assert.ok(lines.at(-1).machine);
		});
	}
});
