// bench `hooks`: how many webhooks are delivered a second: 20,000 posts of one event each to 200 addresses of one machine,
// which are known to be due when the sender begins; signed in both ways, in order for each subject, logged, and under way 32
// at a time, which is what one machine is given; over kept connections, plain and under TLS (W-P3). Against graphile-worker and
// pg-boss, which post as much to the same receiver (nginx), in no order, from queues in the same PostgreSQL, and against the
// same posts by libcurl alone.
//
// The time is the receiver's, from the first post that it answered to the last. Each address must have had each event, and
// the events of each subject in their order. Each run says on which machine it was made (W-P8). BENCH_DELIVERIES (20,000), and
// those of common.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {goal, interleave, machine, middle, peers, ratio, ROUNDS, say} from './common.mjs';
import {SUBJECTS, makeOwners, makeWebhooks, setBack, tell} from './hooked.mjs';
import {startReceivers} from './receivers.mjs';
import {fillAssets} from './register.mjs';
import {CONF} from './sides.mjs';

const {BUILD, discard, run, scratch, startRegister, until} = await import('../../tests/harness/index.mjs');

const DELIVERIES = Number(process.env.BENCH_DELIVERIES ?? 20_000);
const OWNERS = 8;
const ADDRESSES = Math.min(200, DELIVERIES / 20);
const EVENTS = DELIVERIES / ADDRESSES;
const DEADLINE_MS = 300_000;
const LEAST = {plain: 3000, tls: 2000}; // a second

class Bench {
	static async start() {
		const bench = new Bench();
		bench.folder = scratch();
		bench.receivers = await startReceivers();
		bench.reg = await startRegister({durable: true, settings: {shared_buffers: '512MB', max_wal_size: '4GB'}, conf: {...CONF, hooks: {ca_file: bench.receivers.ca}}});
		await fillAssets(bench.reg, SUBJECTS);
		const owners = await makeOwners(bench.reg, OWNERS);
		for (const how of ['plain', 'tls'])
			await makeWebhooks(bench.reg, owners, Array.from({length: ADDRESSES}, (_, i) => `${bench.receivers[how]}/${how}/${i}`), {mode: 'PER_SUBJECT'});
		bench.receivers.prove();
		bench.told = await tell(bench.reg, EVENTS);
		const [{id}] = await bench.reg.sql('select change_id as id from assetd.feed order by position desc limit 1');
		bench.body = path.join(bench.folder, 'body');
		fs.writeFileSync(bench.body, (await bench.reg.anyone.get(`/v1/events/${id}`)).text);
		return bench;
	}

	/* What came while fn() ran, once all has → {rps}. */
	async #count(fn) {
		const before = this.receivers.mark();
		await fn();
		await until(() => this.receivers.count(before) >= DELIVERIES, {deadline_ms: DEADLINE_MS, what: 'all to be delivered'});
		const came = this.receivers.seen(before), times = came.map(one => one.at);
		return {came, rps: DELIVERIES * 1000 / (Math.max(...times) - Math.min(...times))};
	}

	/* All that ours were sent, each once, each subject's in order. */
	#check(came) {
		assert.equal(came.length, DELIVERIES);
		const last = new Map();
		for (const one of came) {
			const n = this.told.ids.indexOf(one.id), line = `${one.path} ${n % SUBJECTS}`;
			assert.ok(n >= 0 && n > (last.get(line) ?? -1), `${one.path}: ${one.id}`);
			last.set(line, n);
		}
	}

	async ours(how) {
		await this.reg.daemon.stop();
		await setBack(this.reg, this.told.from, `${this.receivers[how]}%`);
		const {came, rps} = await this.#count(() => this.reg.daemon.start());
		this.#check(came);
		await until(async () => {
			const [{left}] = await this.reg.sql('select count(*)::int as left from assetd.webhook_cursor where position < (select position from assetd.feed_state)');
			return left === 0;
		}, {what: 'all to be kept'});
		return {rps};
	}

	async alone(how) {
		await this.reg.daemon.stop();
		const {rps} = await this.#count(() => run(path.join(BUILD, 'tools/benches/bench_hooks_sender'), [this.receivers[how], String(ADDRESSES), String(DELIVERIES), this.body,
			...(how === 'tls' ? [this.receivers.ca] : [])], {deadline_ms: DEADLINE_MS}));
		return {rps};
	}

	async peer(kind) {
		await this.reg.daemon.stop();
		const program = path.join(await peers(), 'hooks.mjs');
		const {rps} = await this.#count(() => run(process.execPath, [program, kind, this.reg.cluster.socketDir, this.reg.database, this.receivers.plain,
			String(ADDRESSES), String(DELIVERIES), this.body], {deadline_ms: DEADLINE_MS}));
		return {rps};
	}

	async stop() {
		if (!this.reg?.daemon.process?.isRunning)
			await this.reg?.daemon.start(); // so that it ends as it should
		await this.reg?.stop();
		await this.receivers?.stop();
		discard(this.folder);
	}
}

function report(rounds) {
	for (const name of Object.keys(rounds))
		say({bench: 'hooks', arm: name, deliveries_a_second: Math.round(middle(rounds, name, 'rps')), rounds: ROUNDS});
	for (const how of ['plain', 'tls']) {
		const figure = Math.round(middle(rounds, how, 'rps'));
		say({bench: 'hooks', limit: `${LEAST[how]} a second, ${how}`, figure, goal: `>= ${LEAST[how]}`, met: figure >= LEAST[how]});
		say({bench: 'hooks', limit: `the same posts by libcurl alone, ${how}`, ...goal({ratio: ratio(rounds, 'rps', how, `libcurl, ${how}`), least: 0.5})});
	}
	say({bench: 'hooks', against: 'graphile-worker, 32 at a time', ...goal({ratio: ratio(rounds, 'rps', 'plain', 'graphile-worker'), least: 4})});
	say({bench: 'hooks', against: 'pg-boss, 4 × 500', ...goal({ratio: ratio(rounds, 'rps', 'plain', 'pg-boss'), least: 6})});
	say({bench: 'hooks', deliveries: DELIVERIES, addresses: ADDRESSES, limits: 'off', durable: true, machine: machine()});
}

async function main() {
	const bench = await Bench.start();
	try {
		report(await interleave({
			plain: () => bench.ours('plain'), tls: () => bench.ours('tls'), 'libcurl, plain': () => bench.alone('plain'), 'libcurl, tls': () => bench.alone('tls'),
			'graphile-worker': () => bench.peer('graphile'), 'pg-boss': () => bench.peer('pgboss'),
		}, arm => arm()));
	} finally {
		await bench.stop();
	}
}

await main();
