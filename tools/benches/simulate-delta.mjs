// bench `simulate-delta`: one valuation changes, and the percentiles of every node that the asset touches are
// right again, by year and in total: against simulating everything, and at 1, 10 and 100 times the base, since
// it must not cost more in a larger register. After each round all nodes are compared with those of a full run.
import assert from 'node:assert/strict';
import {goal, growth, interleave, machine, middle, ratio, ROUNDS, say} from './common.mjs';
import {PATHS, SIZES, stopwatch} from './simulation.mjs';

const [small, tenth, whole] = SIZES;
const CHANGES = Math.min(100, Math.ceil(whole / 10));

const engine = stopwatch();
const arms = {
	small: `delta ${small} ${CHANGES}`, tenth: `delta ${tenth} ${CHANGES}`, whole: `delta ${whole} ${CHANGES}`,
	full: `full ${whole} 1`,
};
const rounds = await interleave(arms, async command => {
	const got = await engine.ask(command);
	assert.notEqual(got.equal, false, 'moved nodes are those of a full run');
	return got;
});
await engine.end();

for (const [name, assets] of [['small', small], ['tenth', tenth], ['whole', whole]])
	say({bench: 'simulate-delta', assets, paths: PATHS, milliseconds: Number((middle(rounds, name, 'seconds') * 1e3).toFixed(2)), nodes: 'compared', rounds: ROUNDS});
say({bench: 'simulate-delta', limit: '5 milliseconds', ...goal({ratio: middle(rounds, 'whole', 'seconds') / 5e-3, most: 1})});
say({bench: 'simulate-delta', against: 'simulating everything', ...goal({ratio: ratio(rounds, 'seconds', 'full', 'whole'), least: 1000})});
const grown = growth(rounds, 'seconds', 'small', 'whole', 100);
say({bench: 'simulate-delta', against: 'a register of a hundredth', growth: grown, goal: '<= 0.1', met: grown <= 0.1});
say({bench: 'simulate-delta', changes: CHANGES, machine: machine()});
