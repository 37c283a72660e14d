// bench `project-delta`: one valuation changes, and all totals are right again, in memory: against
// the full recalculation, and at 1, 10 and 100 times the base, since it must not cost more in a
// larger register. After each round the moved sums are compared with sums made afresh.
import assert from 'node:assert/strict';
import {goal, growth, interleave, machine, middle, ratio, ROUNDS, say} from './common.mjs';
import {SIZES, stopwatch} from './projection.mjs';

const CHANGES = 2000;
const [small, tenth, whole] = SIZES;

const engine = stopwatch();
const arms = {
	small: `delta ${small} ${CHANGES}`, tenth: `delta ${tenth} ${CHANGES}`, whole: `delta ${whole} ${CHANGES}`,
	full: `full ${whole} 2`,
};
const rounds = await interleave(arms, async command => {
	const got = await engine.ask(command);
	assert.notEqual(got.equal, false, 'moved sums are those made afresh');
	return got;
});
await engine.end();

for (const [name, assets] of [['small', small], ['tenth', tenth], ['whole', whole]])
	say({bench: 'project-delta', assets, microseconds: Number((middle(rounds, name, 'seconds') * 1e6).toFixed(2)), sums: 'compared', rounds: ROUNDS});
say({bench: 'project-delta', limit: '10 microseconds', ...goal({ratio: middle(rounds, 'whole', 'seconds') / 10e-6, most: 1})});
say({bench: 'project-delta', against: 'full recalculation on 2 threads', ...goal({ratio: ratio(rounds, 'seconds', 'full', 'whole'), least: 100_000})});
const grown = growth(rounds, 'seconds', 'small', 'whole', 100);
say({bench: 'project-delta', against: 'a register of a hundredth', growth: grown, goal: '<= 0.1', met: grown <= 0.1});
say({bench: 'project-delta', changes: CHANGES, machine: machine()});
