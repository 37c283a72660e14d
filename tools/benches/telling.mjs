// bench `telling`: what it takes to tell everybody the totals of 150,000 assets that are all for sale, for the first time
// and once rules have changed: from the question to the answer, what the daemon holds at most beside the forecast, and
// what is kept of it in the database. Assets of one owner each take turns with such of which most have three.
//
// The daemon is started anew for each, since it makes no other telling for fifty times as long as the last one took. It makes no
// percentiles, which it would begin with at the same time, and whose memory would be counted.
// BENCH_ASSETS (150,000), and those of common.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {goal, interleave, machine, middle, ratio, ROUNDS, say, short} from './common.mjs';
import {fillOwners, fillPlans} from './register.mjs';
import {startFilled} from './sides.mjs';

const {request, until} = await import('../../tests/harness/index.mjs');

process.env.ASSETD_PROJECTION_PATHS = '0';
const ASSETS = Number(process.env.BENCH_ASSETS ?? 150_000);
const DEADLINE_MS = 60_000;
const FORECAST = '/v1/projections/receipts?group_by=AUTHORITY';

const mib = (pid, field) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const answered = (reg, key) => until(async () => {
	const reply = await request(reg.url + FORECAST, {key, agent: false});
	return reply.status === 200 && (!key || reply.json.items.length > 0) && reply.json;
}, {deadline_ms: DEADLINE_MS, every_ms: 5, what: 'the forecast'});

/* The forecast is there; then somebody without a key asks for it. */
async function tell(reg) {
	await reg.daemon.restart();
	await answered(reg, reg.adminKey);
	const {pid} = reg.daemon.process, before = mib(pid, 'VmRSS');
	fs.writeFileSync(`/proc/${pid}/clear_refs`, '5'); // the peak is from here on
	const began = performance.now();
	const {totals} = await answered(reg);
	const seconds = (performance.now() - began) / 1000;
	assert.equal(totals.suppressed, false);
	const [{kept}] = await reg.sql('select sum(octet_length(marks))::int as kept from assetd.projection_public_mark');
	return {seconds, mib: Math.max(0, mib(pid, 'VmHWM') - before), kept_mib: kept / 2 ** 20};
}

async function first(reg) {
	await reg.sql('delete from assetd.projection_public; delete from assetd.projection_public_mark');
	return tell(reg);
}

/* After first(): each price is another. */
let price_ppm = 1_000_000;
async function ruled(reg) {
	const reply = await request(`${reg.url}/v1/projections/parameters`, {method: 'PUT', key: reg.adminKey, agent: false,
		headers: {[price_ppm === 1_000_000 ? 'If-None-Match' : 'If-Match']: '*', 'Content-Type': 'application/json'},
		body: JSON.stringify({params: {scenarios: {LIKELY: {price_ppm: price_ppm += 1000}}}, note: 'Others'})});
	assert.equal(reply.status, 200, reply.text);
	return tell(reg);
}

function report(rounds) {
	for (const name of Object.keys(rounds))
		say({bench: 'telling', arm: name, ...Object.fromEntries(['seconds', 'mib', 'kept_mib'].map(what => [what, short(middle(rounds, name, what))])), rounds: ROUNDS});
	const most = (arm, what, limit, unit) => {
		const figure = middle(rounds, arm, what);
		say({bench: 'telling', arm, limit: unit, figure: short(figure), goal: `<= ${limit}`, met: figure <= limit});
	};
	most('three', 'seconds', 1, 'seconds from the question to the answer');
	most('three', 'mib', 64, 'MiB beside the forecast');
	say({bench: 'telling', what: 'kept', against: 'assets of one owner each', ...goal({ratio: ratio(rounds, 'kept_mib', 'three', 'one'), most: 1.05})});
	say({bench: 'telling', what: 'kept under other rules', against: 'the first telling', ...goal({ratio: ratio(rounds, 'kept_mib', 'ruled', 'three'), most: 6})});
	say({bench: 'telling', assets: ASSETS, machine: machine()});
}

const begun = await Promise.allSettled([startFilled(ASSETS, {fill: fillPlans}), startFilled(ASSETS, {fill: async reg => {
	await fillPlans(reg);
	await fillOwners(reg);
}})]);
const [one, three] = begun.map(b => b.value);
try {
	assert.ok(one && three, begun.map(b => b.reason?.stack).join('\n'));
	report(await interleave({one: () => first(one), three: () => first(three), ruled: () => ruled(three)}, arm => arm()));
} finally {
	await Promise.all([one, three].map(reg => reg?.stop()));
}
