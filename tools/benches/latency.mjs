// bench `latency`: from the commit of a changed offer to the forecast that is served with it, and
// to the webhooks that tell of it: request.updated, and projection.changed, which names the change
// as its cause. 100 changes a second, open loop, over requests of all 32 councils, since
// projection.changed is told at most ten times a second for one authority.
//
// The moment of a commit is PostgreSQL's own (track_commit_timestamp); the rest is what this
// process sees as client and receiver, so its own delays count against us. The peer is a service
// that polls the table every 100 ms and posts what is new; it sees the same changes at the same time.
// Registers of a hundredth and a tenth of the size take turns with the whole.
//
// Each line of output is one JSON object. Rate limits are off. BENCH_ASSETS (40,000), BENCH_PACE
// (100 changes a second), and those of common.mjs.
import assert from 'node:assert/strict';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {goal, growth, interleave, machine, median, middle, peers, ROUNDS, say, SECONDS, short} from './common.mjs';
import {assetId, fillAssets, fillPlans} from './register.mjs';
import {startSizes} from './sides.mjs';

const {discard, scratch, start, startRegister, startSink, until} = await import('../../tests/harness/index.mjs');

const ASSETS = Number(process.env.BENCH_ASSETS ?? 40_000);
const PACE = Number(process.env.BENCH_PACE ?? 100);
const REQUESTS = Math.min(320, ASSETS / 100);
const AT_ONCE = 16;
const SETTINGS = {shared_buffers: '512MB', max_wal_size: '4GB', track_commit_timestamp: 'on'};
const CONF = {http: {workers: 1, requests: 1_000_000_000, lifetime_s: 864_000}, log: {level: 'warn'}};
const PACKAGES = await peers();
const WHAT = {
	forecast: 'forecast served with it',
	updated: 'webhook request.updated received',
	projected: 'webhook projection.changed received',
	polled: 'peer: post of a service that polls every 100 ms received',
};

function ok(reply, status) {
	assert.equal(reply.status, status, reply.text);
	return reply.json;
}

/* fn(i) for 0 … n - 1, a few at once. */
async function each(n, fn) {
	let next = 0;
	await Promise.all(Array.from({length: AT_ONCE}, async () => {
		while (next < n)
			await fn(next++);
	}));
}

/* Wall clock in ms with a fraction, from the moment that Date ticks. */
function wallClock() {
	const from = Date.now();
	while (Date.now() === from);
	return Date.now() - performance.now();
}

/** A register with requests, a webhook that has proven itself, and a poller beside it. */
class Scene {
	#arrived = {updated: new Map(), projected: new Map(), polled: new Map()};
	#anchor = 0;
	#offer = 10_000;

	static async start(assets, folder) {
		const scene = new Scene();
		scene.assets = assets;
		scene.reg = await startRegister({durable: true, settings: SETTINGS, conf: CONF});
		await fillAssets(scene.reg, assets);
		await fillPlans(scene.reg);
		await scene.reg.daemon.restart();
		await scene.#makeRequests();
		scene.sink = await startSink({respond: d => scene.#note(d)});
		await scene.#makeWebhook();
		scene.poller = start('node', [path.join(PACKAGES, 'poll.mjs'), scene.reg.cluster.socketDir, scene.reg.database, `${scene.sink.url}/polled`],
			{label: 'poller', logFile: path.join(folder, `poll-${assets}.log`)});
		return scene;
	}

	async #makeRequests() {
		const {admin} = this.reg;
		const body = ok(await admin.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30}), 201);
		this.requests = [];
		await each(REQUESTS, async i => {
			const made = ok(await admin.post('/v1/requests', {asset_id: assetId(i + 1), community_body_id: body.id, kind: 'OWNERSHIP',
				received_on: '2026-10-01', offer_pence: 1_000_000}, {idempotency: `bench-${i}`}), 201);
			ok(await admin.post(`/v1/requests/${made.id}/events`, {event: 'VALIDATE', on: '2026-10-01'}), 201);
			this.requests[i] = {id: made.id, authority_id: made.authority_id};
		});
	}

	async #makeWebhook() {
		const made = ok(await this.reg.admin.post('/v1/webhooks', {url: this.sink.url, types: ['request.updated', 'projection.changed'], per_hour: 3_600_000, burst: 1000}), 201);
		await until(async () => ok(await this.reg.admin.get(`/v1/webhooks/${made.id}`), 200).state === 'ACTIVE', {what: 'the webhook to be active'});
	}

	/* A delivery has come: of which change? */
	#note(delivery) {
		const at = performance.now();
		const set = (map, id) => map.has(id) || map.set(id, at);
		if (delivery.path.endsWith('/polled'))
			set(this.#arrived.polled, delivery.json.id);
		else if (delivery.json.type === 'request.updated')
			set(this.#arrived.updated, delivery.headers['webhook-id']);
		else
			delivery.json.data.cause_event_ids?.forEach(id => set(this.#arrived.projected, id));
		return undefined;
	}

	/* Change an offer, then wait for the forecast that includes it. → {id, forecast, position} */
	async #change(request) {
		const {admin} = this.reg;
		this.#offer = (this.#offer + 7_777_777) % 40_000_000;
		const change = {offer_pence: 1_000_000 + this.#offer};
		let reply;
		do // again when an earlier change of the same request was quicker
			reply = await admin.patch(`/v1/requests/${request.id}`, change, {match: '*'});
		while (reply.status === 412);
		ok(reply, 200);
		const id = reply.headers['event-id'];
		const got = await admin.get(`/v1/projections/receipts?group_by=YEAR&authority_id=${request.authority_id}&min_event=${id}`);
		const at = performance.now();
		return {id, forecast: at, position: ok(got, 200).position};
	}

	/** A round: changes at the pace, whether earlier ones are through or not → figures in ms. */
	async round() {
		const changes = [];
		const began = performance.now();
		this.#anchor = wallClock();
		for (let i = 0; i < PACE * SECONDS; i++) {
			await pause(Math.max(0, began + i * 1000 / PACE - performance.now()));
			changes.push(this.#change(this.requests[i % this.requests.length]));
		}
		const done = await Promise.all(changes);
		for (const [name, map] of Object.entries(this.#arrived))
			await until(() => done.every(c => map.has(c.id)), {deadline_ms: 30_000, what: `all of ${name}`});
		return this.#figures(done);
	}

	async #figures(done) {
		const rows = await this.reg.sql(`select c.id, f.position::int, extract(epoch from pg_xact_commit_timestamp(c.xid::xid))::float8 * 1000 as at
			from assetd.change as c join assetd.feed as f on f.change_id = c.id where c.id = any ($1)`, [done.map(c => c.id)]);
		const committed = new Map(rows.map(r => [r.id, r]));
		const late = {forecast: []};
		for (const c of done) {
			assert.ok(c.position >= committed.get(c.id).position, 'the forecast includes the change');
			late.forecast.push(c.forecast + this.#anchor - committed.get(c.id).at);
		}
		for (const [name, map] of Object.entries(this.#arrived))
			late[name] = done.map(c => map.get(c.id) + this.#anchor - committed.get(c.id).at);
		return Object.fromEntries(Object.entries(late).flatMap(([name, list]) => {
			list.sort((a, b) => a - b);
			return [[`${name}_p50`, median(list)], [`${name}_p99`, list[Math.ceil(list.length * 0.99) - 1]]];
		}));
	}

	async stop() {
		await this.poller?.stop('SIGTERM', 5_000);
		await this.sink?.stop();
		await this.reg?.stop();
	}
}

/* Against the poller, in the same round. */
function compare(rounds, name) {
	for (const p of ['p50', 'p99']) {
		const better = median(rounds.whole.map(r => r[`polled_${p}`] / r[`${name}_${p}`]));
		say({bench: 'latency', what: WHAT[name], against: `polling every 100 ms, ${p}`, ...goal({ratio: better, least: 10})});
	}
}

function report(rounds, sizes) {
	for (const [arm, assets] of Object.entries(sizes)) {
		for (const [name, what] of Object.entries(WHAT))
			say({bench: 'latency', assets, what, p50_ms: short(middle(rounds, arm, `${name}_p50`)), p99_ms: short(middle(rounds, arm, `${name}_p99`)),
				changes_a_second: PACE, rounds: ROUNDS});
	}
	for (const name of ['forecast', 'updated', 'projected']) {
		for (const [p, limit] of [['p50', 10], ['p99', 50]])
			say({bench: 'latency', what: WHAT[name], limit: `${p} ${limit} ms`, ...goal({ratio: middle(rounds, 'whole', `${name}_${p}`) / limit, most: 1})});
		compare(rounds, name);
		const grown = growth(rounds, `${name}_p50`, 'hundredth', 'whole', 100);
		say({bench: 'latency', what: WHAT[name], against: 'a register of a hundredth', growth: grown, goal: '<= 0.1', met: grown <= 0.1});
	}
	say({bench: 'latency', requests: REQUESTS, limits: 'off', machine: machine()});
}

async function main() {
	const folder = scratch();
	const {stop, ...arms} = await startSizes(ASSETS, assets => Scene.start(assets, folder));
	try {
		const sizes = Object.fromEntries(Object.entries(arms).map(([name, scene]) => [name, scene.assets]));
		report(await interleave(arms, scene => scene.round()), sizes);
	} finally {
		await stop();
		discard(folder);
	}
}

await main();
