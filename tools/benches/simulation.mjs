// What the benches `simulate` and `simulate-delta` share: the simulation under its stopwatch, and
// the sizes of its register.
import path from 'node:path';

import {TIMES} from './common.mjs';
import {converse} from './projection.mjs';

const {BUILD} = await import('../../tests/harness/index.mjs');

const MOST = Number(process.env.BENCH_ASSETS ?? 20_000);
export const PATHS = 10_000;
/** Assets, the base and ten and a hundred times as many. */
export const SIZES = TIMES.map(times => Math.ceil(MOST * times / 100));

export const stopwatch = () => converse(path.join(BUILD, 'tools/benches/bench_simulation'), [String(SIZES.at(-1)), String(PATHS)]);
