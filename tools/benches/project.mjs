// bench `project`: full recalculation in three scenarios and both tracks with all roll-ups, a
// tenth of the assets with requests, at 1, 10 and 100 times the base, on one thread and two.
import {exponent, MOST, say, stopwatch} from './projection.mjs';

const sizes = [MOST / 100, MOST / 10, MOST];
const [small, middle, large, alone] = await stopwatch([...sizes.map(n => `full ${n} 2`), `full ${MOST} 1`]);
for (const [i, r] of [small, middle, large].entries())
	say({bench: 'project', assets: sizes[i], threads: 2, ...r});
say({bench: 'project', assets: MOST, threads: 2, seconds: large.seconds, limit: 1.0, ratio: Number((large.seconds / 1.0).toFixed(2)),
	met: large.seconds <= 1.0, growth: exponent(small.seconds, large.seconds, 100)});
say({bench: 'project', against: 'one thread', ratio: Number((alone.seconds / large.seconds).toFixed(2)), goal: 1.8, met: alone.seconds / large.seconds >= 1.8});
say({bench: 'project', against: 'PostgreSQL and numpy on the simpler model', left_out: 'not written yet'});
