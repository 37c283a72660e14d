// bench `project-delta`: one valuation changes, and all totals are right again, in memory; the moved
// sums are compared with sums made afresh.
import {exponent, MOST, say, stopwatch} from './projection.mjs';

const sizes = [MOST / 100, MOST / 10, MOST];
const answers = await stopwatch([...sizes.map(n => `delta ${n} 2000`), `full ${MOST} 2`]);
const full = answers.pop();
for (const [i, r] of answers.entries())
	say({bench: 'project-delta', assets: sizes[i], microseconds: Number((r.seconds * 1e6).toFixed(2)), equal: r.equal});
const last = answers.at(-1);
say({bench: 'project-delta', limit_microseconds: 10, ratio: Number((last.seconds * 1e6 / 10).toFixed(2)), met: last.seconds <= 10e-6,
	growth: exponent(answers[0].seconds, last.seconds, 100)});
say({bench: 'project-delta', against: 'full', times_faster: Math.round(full.seconds / last.seconds), goal: 100_000, met: full.seconds / last.seconds >= 100_000});
