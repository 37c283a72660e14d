// bench `simulate`: every asset down 10,000 paths and the percentiles of every node by year and in total, on one
// thread and two, at 1, 10 and 100 times the base, against drawing the same blocks of Philox alone by the
// same instructions, and against numpy on a much simpler model (peers/simulate.py), asset by asset.
//
// Percentiles cost the same whatever the register, so how the cost grows is told without them; the goals are with them.
import path from 'node:path';
import {goal, growth, HERE, interleave, machine, median, middle, ratio, ROUNDS, say, short} from './common.mjs';
import {converse} from './projection.mjs';
import {PATHS, SIZES, stopwatch} from './simulation.mjs';

const [small, tenth, whole] = SIZES;
/* Assets that numpy is given: it costs the same for each. */
const NUMPY = Math.min(100, whole);
const BLOCKS = 3;

const engine = stopwatch();
const env = {...process.env};
delete env.OPENBLAS_CORETYPE;
delete env.OPENBLAS_L2_SIZE;
const numpy = converse('/usr/bin/python3', [path.join(HERE, 'peers/simulate.py'), String(NUMPY), String(PATHS)], {env});

const arms = {
	small: `full ${small} 1`, tenth: `full ${tenth} 1`, alone: `full ${whole} 1`, whole: `full ${whole} 2`,
	blocks: `blocks ${whole} 1`, blocks_together: `blocks ${whole} 2`, numpy: null,
};
const rounds = await interleave(arms, command => (command ? engine.ask(command) : numpy.ask('reckon')));
await Promise.all([engine.end(), numpy.end()]);

for (const [name, assets, threads] of [['small', small, 1], ['tenth', tenth, 1], ['alone', whole, 1], ['whole', whole, 2]])
	say({bench: 'simulate', assets, paths: PATHS, threads, seconds: middle(rounds, name, 'seconds'), percentiles: middle(rounds, name, 'percentiles'),
		mebibytes: Math.round(middle(rounds, name, 'bytes') / 2 ** 20), lanes: rounds[name][0].lanes, rounds: ROUNDS});
for (const [name, threads] of [['blocks', 1], ['blocks_together', 2]])
	say({bench: 'simulate', arm: 'the blocks of Philox alone', assets: whole, paths: PATHS, threads, seconds: middle(rounds, name, 'seconds'), rounds: ROUNDS});
const perBlock = (name, assets) => rounds[name].map(r => r.seconds / assets / PATHS / BLOCKS * 1e9);
say({bench: 'simulate', arm: 'simpler model, numpy', assets: NUMPY, paths: PATHS, seconds: middle(rounds, 'numpy', 'seconds'), rounds: ROUNDS});
say({bench: 'simulate', arm: 'nanoseconds a block', ours: short(median(perBlock('alone', whole))), numpy: short(median(perBlock('numpy', NUMPY))), rounds: ROUNDS});
say({bench: 'simulate', limit: 'the blocks of Philox alone, 1 thread', ...goal({ratio: ratio(rounds, 'seconds', 'alone', 'blocks'), most: 2.5})});
say({bench: 'simulate', limit: 'the blocks of Philox alone, 2 threads', ...goal({ratio: ratio(rounds, 'seconds', 'whole', 'blocks_together'), most: 2.5})});
const ours = perBlock('alone', whole);
say({bench: 'simulate', against: 'numpy per block, on a simpler model', ...goal({ratio: median(perBlock('numpy', NUMPY).map((n, i) => n / ours[i])), least: 5})});
say({bench: 'simulate', against: 'one thread', ratio: short(ratio(rounds, 'seconds', 'alone', 'whole'))});
for (const list of Object.values(rounds))
	list.forEach(r => (r.paths_seconds = r.seconds - (r.percentiles ?? 0)));
const grown = growth(rounds, 'paths_seconds', 'small', 'alone', 100);
say({bench: 'simulate', against: 'a register of a hundredth', growth: grown, goal: '<= 1.1', met: grown <= 1.1});
say({bench: 'simulate', machine: machine()});
