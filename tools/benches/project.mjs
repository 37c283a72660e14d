// bench `project`: full recalculation in three scenarios and both tracks with all roll-ups, a
// tenth of the assets with requests, on one thread and two, at 1, 10 and 100 times the base.
import {goal, growth, interleave, machine, middle, ratio, ROUNDS, say} from './common.mjs';
import {SIZES, stopwatch} from './projection.mjs';

const [small, tenth, whole] = SIZES;

const engine = stopwatch();
const arms = {small: `full ${small} 2`, tenth: `full ${tenth} 2`, whole: `full ${whole} 2`, alone: `full ${whole} 1`};
const rounds = await interleave(arms, command => engine.ask(command));
await engine.end();

for (const [name, assets, threads] of [['small', small, 2], ['tenth', tenth, 2], ['whole', whole, 2], ['alone', whole, 1]])
	say({bench: 'project', assets, threads, seconds: middle(rounds, name, 'seconds'), processor: middle(rounds, name, 'processor'), rounds: ROUNDS});
say({bench: 'project', limit: '1 second on 2 threads', ...goal({ratio: middle(rounds, 'whole', 'seconds'), most: 1})});
say({bench: 'project', against: 'one thread', ...goal({ratio: ratio(rounds, 'seconds', 'alone', 'whole'), least: 1.8})});
const grown = growth(rounds, 'seconds', 'small', 'whole', 100);
say({bench: 'project', against: 'a register of a hundredth', growth: grown, goal: '<= 1.1', met: grown <= 1.1});
say({bench: 'project', machine: machine()});
