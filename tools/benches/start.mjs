// bench `start`: from nothing to a daemon that is ready, on a register of 150,000 assets with a valuation
// and a plan each: from the start of the process to the first 200 of /readyz, and to the first forecast,
// for which every asset must be read. At most a second for the first. Registers of a hundredth and a tenth
// take turns with it, since being ready must not wait for the register to be read. PostgreSQL stays up and warm.
//
// The last line but one is where the time goes. BENCH_ASSETS (150,000), and those of common.mjs.
import assert from 'node:assert/strict';
import {setTimeout as pause} from 'node:timers/promises';
import {goal, growth, interleave, machine, middle, processorSeconds, ROUNDS, say, short, TIMES} from './common.mjs';
import {startFilled, startSizes} from './sides.mjs';
import {fillPlans} from './register.mjs';

const {request} = await import('../../tests/harness/index.mjs');

const ASSETS = Number(process.env.BENCH_ASSETS ?? 150_000);
const LOOK_MS = 2;
const DEADLINE_MS = 60_000;
const FORECAST = '/v1/projections/receipts?group_by=AUTHORITY';

/* Ask again and again until it is 200 → the reply. Nobody listens at first. */
async function first200(url, key, since) {
	for (;;) {
		const reply = await request(url, {key, agent: false}).catch(() => undefined);
		if (reply?.status === 200)
			return reply;
		assert.ok(performance.now() - since < DEADLINE_MS, `${url}: ${reply?.text}`);
		await pause(LOOK_MS);
	}
}

async function measure(reg) {
	await reg.daemon.stop();
	const began = performance.now();
	await reg.daemon.start({ready: false});
	await first200(`${reg.url}/readyz`, undefined, began);
	const seconds = (performance.now() - began) / 1000;
	const {json} = await first200(`${reg.url}${FORECAST}`, reg.adminKey, began);
	assert.ok(json.items.length > 0, 'the forecast has figures');
	return {seconds, forecast: (performance.now() - began) / 1000, processor: processorSeconds(reg.daemon.process.pid)};
}

function report(rounds) {
	for (const name of Object.keys(rounds))
		say({bench: 'start', arm: name, seconds: short(middle(rounds, name, 'seconds')), forecast_seconds: short(middle(rounds, name, 'forecast')), rounds: ROUNDS});
	say({bench: 'start', limit: '1 second to be ready', ...goal({ratio: middle(rounds, 'whole', 'seconds'), most: 1})});
	const grown = growth(rounds, 'seconds', 'hundredth', 'whole', 100);
	say({bench: 'start', against: 'a register of a hundredth', growth: grown, goal: '<= 0.1', met: grown <= 0.1});
	say({bench: 'start', what: 'first forecast', against: 'a register of a hundredth', growth: growth(rounds, 'forecast', 'hundredth', 'whole', 100)});
	say({bench: 'start', profile: {daemon_processor_seconds: middle(rounds, 'whole', 'processor'), until: 'the first forecast'}});
	say({bench: 'start', assets: TIMES.map(t => ASSETS * t / 100), machine: machine()});
}

const {stop, ...sizes} = await startSizes(ASSETS, assets => startFilled(assets, {fill: fillPlans}));
try {
	report(await interleave(sizes, measure));
} finally {
	await stop();
}
