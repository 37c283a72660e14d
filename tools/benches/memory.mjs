// bench `memory`: the resident set of the daemon: at rest, with nothing in the register; with 150,000 assets, each with
// a valuation and a plan, of 32 councils and their partnerships, once the forecast and its percentiles include them
// all; and with a million deliveries waiting, 5,000 events for each of 200 webhooks of 32 principals whose receiver takes
// what it is sent and does not answer, over what the same daemon takes when none waits (W-P6). At rest against the Node service
// of `read`, each having answered once. Registers of a hundredth and a tenth take turns with the whole.
//
// Each is a daemon started anew; the peak while webhooks wait, for a moment at full load, and what is resident else.
// BENCH_ASSETS (150,000; deliveries in proportion), and those of common.mjs.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {goal, growth, interleave, machine, middle, ROUNDS, say, SECONDS, short, TIMES} from './common.mjs';
import {SUBJECTS, makeOwners, makeWebhooks, setBack, tell} from './hooked.mjs';
import {assetId, fillAssets, fillPlans} from './register.mjs';
import {CONF, startFilled, startPeer, startSizes} from './sides.mjs';

const {discard, request, scratch, startRegister, startSink, until} = await import('../../tests/harness/index.mjs');

const ASSETS = Number(process.env.BENCH_ASSETS ?? 150_000);
const WEBHOOKS = Math.max(8, Math.ceil(200 * Math.min(1, ASSETS / 150_000))), OWNERS = 32;
const EVENTS = Math.ceil(5000 * Math.min(1, ASSETS / 150_000));
const DEADLINE_MS = 180_000;
const FORECAST = '/v1/projections/receipts?group_by=AUTHORITY';

/* VmRSS, or VmHWM for the peak. */
const mib = (pid, field = 'VmRSS') => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const ours = (reg, field) => mib(reg.daemon.process.pid, field);

async function asked(url, key) {
	const reply = await request(url, {key, agent: false});
	assert.equal(reply.status, 200, reply.text);
	return reply.json;
}

/* At rest: it has answered once. */
async function idle(reg) {
	await reg.daemon.restart();
	await asked(`${reg.url}/v1/assets/${assetId(1)}`, reg.adminKey);
	return {mib: ours(reg)};
}

async function node(reg, folder) {
	const keyHash = createHash('sha256').update(reg.adminKey).digest('hex');
	const {child} = await startPeer({program: 'read.mjs', args: ['columns', keyHash], reg, target: `/v1/assets/${assetId(1)}`, key: reg.adminKey, folder});
	try {
		return {mib: mib(child.pid)};
	} finally {
		await child.stop('SIGTERM', 5_000);
	}
}

/* The whole forecast, and percentiles of all of it. */
async function loaded(reg) {
	await reg.daemon.restart();
	await until(async () => {
		const reply = await request(reg.url + FORECAST, {key: reg.adminKey, agent: false});
		return reply.status === 200 && reply.json.simulated?.position === reply.json.position;
	}, {deadline_ms: DEADLINE_MS, what: 'percentiles of all assets'});
	return {mib: ours(reg), peak: ours(reg, 'VmHWM')};
}

/** A register whose webhooks have all proven themselves, with what they are to be sent. */
class Hooked {
	#holding = false;

	static async start() {
		const hooked = new Hooked();
		hooked.reg = await startRegister({conf: CONF, settings: {shared_buffers: '256MB'}});
		await fillAssets(hooked.reg, SUBJECTS);
		hooked.sink = await startSink({respond: () => hooked.#holding ? 'hang' : undefined});
		await makeWebhooks(hooked.reg, await makeOwners(hooked.reg, OWNERS), Array(WEBHOOKS).fill(hooked.sink.url));
		return hooked;
	}

	/* The peak of a daemon that begins with all webhooks there in the feed; null: at its end. */
	async #peak(from) {
		await this.reg.daemon.stop();
		await setBack(this.reg, from);
		const before = this.sink.deliveries.length;
		await this.reg.daemon.start();
		await asked(`${this.reg.url}/v1/assets/${assetId(1)}`, this.reg.adminKey);
		await until(() => from === null || this.sink.deliveries.length > before, {deadline_ms: DEADLINE_MS, what: 'a delivery'});
		await pause(SECONDS * 1000);
		return ours(this.reg, 'VmHWM');
	}

	async waiting() {
		if (!this.#holding)
			this.from = (await tell(this.reg, EVENTS)).from;
		this.#holding = true;
		const none = await this.#peak(null);
		const peak = await this.#peak(this.from);
		const [{left}] = await this.reg.sql('select sum((select position from assetd.feed_state) - position)::int as left from assetd.webhook_cursor');
		assert.ok(left >= 0.9 * WEBHOOKS * EVENTS, `${left} wait`);
		return {mib: peak - none, none, peak};
	}

	async stop() {
		await this.sink?.stop();
		await this.reg?.stop();
	}
}

function report(rounds) {
	for (const [name, list] of Object.entries(rounds)) {
		say({bench: 'memory', arm: name, ...Object.fromEntries(Object.keys(list[0]).map(what => [what, short(middle(rounds, name, what))])), rounds: ROUNDS});
	}
	const most = (name, limit, what) => {
		const figure = middle(rounds, name, 'mib');
		say({bench: 'memory', limit: what, figure: short(figure), goal: `<= ${limit}`, met: figure <= limit});
	};
	const ratios = rounds.idle.map((r, i) => ({mib: r.mib / rounds.node[i].mib}));
	say({bench: 'memory', what: 'at rest', against: 'the Node service of `read`', ...goal({ratio: middle({ratios}, 'ratios', 'mib'), most: 0.25})});
	most('idle', 30, 'MiB at rest');
	most('whole', 400, 'MiB with all assets');
	most('waiting', 96, 'MiB more with all deliveries waiting');
	say({bench: 'memory', against: 'a register of a hundredth', growth: growth(rounds, 'mib', 'hundredth', 'whole', 100)});
	say({bench: 'memory', assets: TIMES.map(t => Math.ceil(ASSETS * t / 100)), deliveries: WEBHOOKS * EVENTS, machine: machine()});
}

async function main() {
	const folder = scratch();
	const started = [];
	const kept = one => {
		started.push(one);
		return one;
	};
	try {
		const empty = kept(await startRegister({conf: CONF}));
		await fillAssets(empty, 1);
		const hooked = kept(await Hooked.start());
		const {hundredth, tenth, whole} = kept(await startSizes(ASSETS, assets => startFilled(assets, {fill: fillPlans})));
		report(await interleave({idle: () => idle(empty), node: () => node(empty, folder), whole: () => loaded(whole), waiting: () => hooked.waiting(),
			tenth: () => loaded(tenth), hundredth: () => loaded(hundredth)}, arm => arm()));
	} finally {
		await Promise.all(started.map(one => one.stop()));
		discard(folder);
	}
}

await main();
