// What the benches `project` and `project-delta` share: the engine under its stopwatch.
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
process.env.ASSETD_BUILD ??= path.join(HERE, '../../build/release');
const {BUILD, run} = await import('../../tests/harness/index.mjs');

export const MOST = Number(process.env.BENCH_ASSETS ?? 1_000_000);
export const say = line => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Answers to the commands, in order; each round begins a program of its own. */
export async function stopwatch(commands) {
	const {stdout} = await run(path.join(BUILD, 'tools/benches/bench_projection'), [String(MOST)],
		{input: `${commands.join('\n')}\n`, deadline_ms: 600_000});
	return stdout.trim().split('\n').map(line => JSON.parse(line));
}

/** How cost grows with size: 1 is in proportion. */
export const exponent = (small, large, times) => Number((Math.log(large / small) / Math.log(times)).toFixed(2));
