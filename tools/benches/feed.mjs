// bench `feed`: what telling of changes costs those who make them, and how soon, to how many and beside what it is told.
//
// transactions (W-P1): pgbench with 32 clients, each transaction a subject's next version and its event, on the disk, while the
// feed gives positions; against the same with nobody who tells of them, and with a NOTIFY in each as queues in PostgreSQL send it.
// latency (W-P2): 500 valuations a second by the API, from PostgreSQL's own moment of the commit to a webhook having been taken.
// hung (W-32): the same while another webhook's receiver takes sixteen calls and answers none, and 10,000 events wait for it; against
// beside, which is all of that, those events and a start with them too, but that nobody waits for them.
// everybody (W-P4): one event for 1,000 webhooks of one principal, from its commit to the last of them, and how many statements the
// sender sent for it. filtered (W-53): events that those 1,000 do not want, by 50 filters of which the last of ten terms alone does not
// fit, from the start of the process to the last of them having the one that all want. started (W-P7): from the start of the process to
// the first delivery with a million waiting.
// held (W-P5): 800 events a second for ten minutes beside a transaction that keeps an old snapshot; what was told and delivered in
// its last seconds against as long before it began, and dead rows of what is only ever added to. What is resident with a
// million deliveries waiting (W-P6) is `memory`'s.
//
// BENCH_ASSETS (150,000: the million deliveries and the 1,000 webhooks in proportion), BENCH_PACE (500), BENCH_HELD_S (600), and
// those of common.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {goal, interleave, machine, middle, ratio, ROUNDS, say, SECONDS, short} from './common.mjs';
import {SUBJECTS, makeOwners, makeWebhooks, setBack, tell} from './hooked.mjs';
import {startReceivers} from './receivers.mjs';
import {assetId, fillAssets} from './register.mjs';
import {CONF, settle} from './sides.mjs';

const {COUNTED, discard, run, scratch, startRegister, startSink, timesSent, until} = await import('../../tests/harness/index.mjs');

const SHARE = Math.min(1, Number(process.env.BENCH_ASSETS ?? 150_000) / 150_000);
const WEBHOOKS = Math.max(8, Math.ceil(1000 * SHARE));
const WAITING = Math.max(8, Math.ceil(200 * SHARE)), EVENTS = Math.ceil(5000 * SHARE);
const FILTERS = 50, TERMS = 10;
const HUNG = Math.max(50, Math.ceil(10_000 * SHARE)), HELD_CALLS = 16;
const OWNERS = 4; // of those that wait: each reads by its own eyes, the one event for everybody too
const PACE = Number(process.env.BENCH_PACE ?? 500);
const HELD_S = Number(process.env.BENCH_HELD_S ?? 600), HELD_PACE = Math.min(800, PACE * 1.6);
const CLIENTS = 32;
const DEADLINE_MS = 180_000;
/* What is only ever added to. */
const LOGS = `select 'assetd.feed'::regclass union select relid from unnest('{change,change_money,webhook_attempt}'::text[]) as n, pg_partition_tree('assetd.' || n)`;
const SETTINGS = {shared_buffers: '1GB', max_wal_size: '4GB', track_commit_timestamp: 'on', ...COUNTED, 'pg_stat_statements.track': 'top', max_connections: '100'};

/* A subject is a row whose version is its subject_seq, as everywhere in the register. */
const OWN_SUBJECTS = `create table assetd.bench_subject (id int primary key, version int not null default 0) with (fillfactor = 50);
	create sequence assetd.bench_event;
	insert into assetd.bench_subject select n from generate_series(1, 10000) as n;
	create function assetd.bench_write(subject int, type text, is_notifying boolean) returns void language plpgsql as $$
	declare
		seq int;
	begin
		perform set_config('assetd.now', clock_timestamp()::text, true);
		update assetd.bench_subject set version = version + 1 where id = subject returning version into seq;
		insert into assetd.change (id, readers, is_public, type, subject, subject_seq, actor_kind, data)
		values ('evt_' || lpad((1000000000 + nextval('assetd.bench_event'))::text, 26, '0'), '{}', true, bench_write.type,
			'ben_' || lpad(subject::text, 26, '0'), seq, 'SYSTEM', '{}');
		if is_notifying then
			perform pg_notify('bench', '');
		end if;
	end $$;
	create extension pg_stat_statements`;

/* Transactions of pgbench for so long, as many as it can or `pace` a second. */
async function transact(reg, folder, {type = 'bench.written', isNotifying = false, pace, seconds = SECONDS, clients = CLIENTS}) {
	const script = path.join(folder, 'write.sql');
	fs.writeFileSync(script, `\\set n random(1, 10000)\nselect assetd.bench_write(:n, '${type}', ${isNotifying});\n`);
	const {stdout} = await run('pgbench', ['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-T', String(seconds), ...(pace ? ['-R', String(pace)] : []),
		'-f', script, '-h', reg.cluster.socketDir, '-U', 'postgres', reg.database], {deadline_ms: seconds * 1000 + DEADLINE_MS});
	assert.match(stdout, /failed transactions: 0 /);
	return {tps: Number(/tps = ([\d.]+)/.exec(stdout)[1])};
}

/* Each once, without a hole, each subject in its order. */
async function assertTold(reg) {
	await settle(reg);
	const [row] = await reg.sql(`select count(*)::int as n, max(position)::int as last, count(distinct change_id)::int as different,
		(select count(*)::int from assetd.change) as changes from assetd.feed`);
	assert.deepEqual(row, {n: row.changes, last: row.changes, different: row.changes, changes: row.changes});
	const [{n}] = await reg.sql(`select count(*)::int as n from (select subject_seq, lag(subject_seq, 1, 0) over (partition by subject order by position) as before
		from assetd.feed where subject like 'ben\\_%') as x where subject_seq <> before + 1`);
	assert.equal(n, 0, 'told out of order');
}

/* All is told, and no webhook has any of it to pass: what the arms before wrote is nobody's to wait for. */
async function freshen(reg) {
	await settle(reg);
	await reg.daemon.stop();
	await setBack(reg, null);
	await reg.daemon.start();
}

/* fn() with the daemon at rest. */
async function without(reg, fn) {
	await reg.daemon.stop();
	try {
		return await fn();
	} finally {
		await reg.daemon.start();
		await freshen(reg);
	}
}

const percentile = (list, share) => [...list].sort((a, b) => a - b)[Math.ceil(list.length * share) - 1];

class Bench {
	static async start() {
		const bench = new Bench();
		bench.folder = scratch();
		bench.receivers = await startReceivers();
		bench.reg = await startRegister({durable: true, settings: SETTINGS, conf: CONF});
		const {reg, receivers} = bench;
		await reg.sql(OWN_SUBJECTS);
		await fillAssets(reg, 2 * SUBJECTS);
		const at = (name, n) => Array.from({length: n}, (_, i) => `${receivers.plain}/${name}/${i}`);
		await makeWebhooks(reg, [reg.admin], at('everybody', WEBHOOKS), {types: ['asset.created']});
		await makeWebhooks(reg, [reg.admin], at('valued', 1), {types: ['asset.valued']});
		await makeWebhooks(reg, await makeOwners(reg, OWNERS), at('waiting', WAITING), {types: ['asset.updated']});
		bench.silent = await startSink({respond: () => 'hang'});
		await makeWebhooks(reg, [reg.admin], [bench.silent.url], {types: ['forecast.address_ended']});
		receivers.prove();
		await reg.sql(`begin; set local session_replication_role = replica; update assetd.webhook set types = '{asset.valued,bench.held}', version = version + 1
			where types = '{asset.valued}'; commit`);
		await bench.#tell();
		bench.agent = new http.Agent({keepAlive: true, maxSockets: 64});
		return bench;
	}

	/* More events of a type of their own, the newest; n in `data` counts them. → as tell() */
	async #tellMore(events, type, data) {
		const after = this.made;
		this.made += events;
		return tell(this.reg, events, {type, data: data(`n - ${after}`), after});
	}

	/* What waits for some of them at last, and for nobody until then. */
	async #tell() {
		this.told = await tell(this.reg, EVENTS);
		this.made = EVENTS;
		await freshen(this.reg);
	}

	bare() {
		return without(this.reg, () => transact(this.reg, this.folder, {}));
	}

	/* With somebody who listens, as there would be. */
	notifying() {
		return without(this.reg, () => this.reg.cluster.session(async db => {
			await db.query('listen bench');
			return transact(this.reg, this.folder, {isNotifying: true});
		}));
	}

	async fed() {
		const got = await transact(this.reg, this.folder, {});
		await assertTold(this.reg);
		await freshen(this.reg);
		return got;
	}

	/* Once so many have come to addresses that begin so → what came, since `before`. */
	#came(before, begins, n) {
		return until(() => {
			const got = this.receivers.seen(before).filter(one => one.path.startsWith(begins));
			return got.length >= n && got;
		}, {deadline_ms: DEADLINE_MS, what: `${n} deliveries to ${begins}`});
	}

	async #committed(ids) {
		const rows = await this.reg.sql(`select id, extract(epoch from pg_xact_commit_timestamp(xid::xid))::float8 * 1000 as at from assetd.change where id = any ($1)`, [ids]);
		return new Map(rows.map(row => [row.id, row.at]));
	}

	/* Of assets of which tell() told nothing. → the event's id */
	#value(n) {
		const body = JSON.stringify({amount_pence: 1000 + n, basis: 'MV', valued_on: '2026-04-01'});
		return new Promise((resolve, reject) => {
			const call = http.request(`${this.reg.url}/v1/assets/${assetId(1 + SUBJECTS + n % SUBJECTS)}/valuations`, {method: 'POST', agent: this.agent,
				headers: {authorization: `Bearer ${this.reg.adminKey}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body)}}, reply => {
				reply.resume().on('end', () => reply.statusCode === 201 ? resolve(reply.headers['event-id']) : reject(new Error(`${reply.statusCode}`)));
			});
			call.on('error', reject).end(body);
		});
	}

	/* The sender is at work: what it does when it begins is what `started` asks about, and nobody else. */
	async #begun() {
		const before = this.receivers.mark();
		await this.#value(0);
		await this.#came(before, '/valued/', 1);
	}

	/* It has passed all that nobody is sent as well. */
	async #caughtUp() {
		await this.#begun();
		await until(async () => (await this.reg.sql(`select from assetd.webhook_cursor as c, assetd.feed_state as f where c.position < f.position limit 1`)).length === 0,
			{deadline_ms: DEADLINE_MS, what: 'the sender to have passed all'});
	}

	async latency() {
		await this.#caughtUp();
		return this.#paced();
	}

	/* After a start, with so many events more that nobody wants, or that one webhook alone waits for. */
	async #beside(like) {
		const {from} = await this.#tellMore(HUNG, 'forecast.address_ended', () => `'{}'::jsonb`);
		await this.reg.daemon.stop();
		await setBack(this.reg, like ? from : null, like);
		const before = this.silent.deliveries.length;
		await this.reg.daemon.start();
		if (like)
			await until(() => this.silent.deliveries.length >= before + HELD_CALLS, {what: 'it to hang'});
		await until(async () => (await this.reg.sql(`select from assetd.webhook_cursor as c join assetd.webhook as w on w.id = c.webhook_id, assetd.feed_state as f
			where c.position < f.position and w.url <> $1 limit 1`, [this.silent.url])).length === 0, {deadline_ms: DEADLINE_MS, what: 'the others to have passed all'});
		await this.#begun();
		const got = await this.#paced();
		await freshen(this.reg);
		return got;
	}

	beside() {
		return this.#beside();
	}

	hung() {
		return this.#beside(this.silent.url);
	}

	/* Valuations at their pace, each from its commit to its webhook. */
	async #paced() {
		const before = this.receivers.mark(), began = performance.now(), calls = [];
		for (let n = 0; n < PACE * SECONDS; n++) {
			await pause(Math.max(0, began + n * 1000 / PACE - performance.now()));
			calls.push(this.#value(n));
		}
		const ids = await Promise.all(calls), at = await this.#committed(ids);
		const came = (await this.#came(before, '/valued/', ids.length)).filter(one => at.has(one.id));
		const late = came.map(one => one.at - at.get(one.id));
		return {p50_ms: percentile(late, 0.5), p99_ms: percentile(late, 0.99)};
	}

	async everybody() {
		await this.#caughtUp();
		const before = this.receivers.mark();
		await this.reg.sql('select pg_stat_statements_reset()');
		const council = (await this.reg.sql(`select authority_id as id from assetd.asset limit 1`))[0].id;
		const reply = await this.reg.admin.post('/v1/assets', {authority_id: council, name: 'For everybody', class: 'HALL', tenure: 'OWNED'});
		assert.equal(reply.status, 201, reply.text);
		const came = await this.#came(before, '/everybody/', WEBHOOKS);
		const statements = await timesSent(this.reg, /^hook_(?!due|fail|oldest|set_back|versions)/); // those it sends each second, whether or not anything has happened
		assert.equal(new Set(came.map(one => one.path)).size, WEBHOOKS, 'each once');
		const id = reply.headers['event-id'], at = (await this.#committed([id])).get(id);
		assert.ok(statements > 0, 'the sender asked for it');
		return {seconds: (Math.max(...came.map(one => one.at)) - at) / 1000, statements};
	}

	/* Another version of those that are everybody's, while the daemon is at rest. set: SQL, n is their number. */
	#everybodyElse(set) {
		return this.reg.sql(`begin; set local session_replication_role = replica; update assetd.webhook as w set version = version + 1, ${set}
			from (select id, (row_number() over (order by id))::int as n from assetd.webhook where url like '%/everybody/%') as x where x.id = w.id; commit`);
	}

	/* Nine terms fit each event, the tenth the last of them alone. */
	async filtered() {
		const fitting = Array.from({length: TERMS - 1}, (_, i) => `/a${i}=x`), members = fitting.map((_, i) => `'a${i}', 'x'`);
		const {from, ids} = await this.#tellMore(EVENTS, 'bench.filtered', n => `jsonb_build_object(${members}, 'is_last', ${n} = ${EVENTS})`);
		await this.reg.daemon.stop();
		await this.#everybodyElse(`types = array['bench.filtered', 'bench.of' || n % ${FILTERS}], filter = '{"where": ${JSON.stringify([...fitting, '/is_last=true'])}}'`);
		await setBack(this.reg, from, `${this.receivers.plain}/everybody/%`);
		const before = this.receivers.mark(), began = Date.now();
		await this.reg.daemon.start();
		const came = await this.#came(before, '/everybody/', WEBHOOKS), seconds = (Math.max(...came.map(one => one.at)) - began) / 1000;
		assert.ok(came.every(one => one.id === ids.at(-1)), 'the last alone');
		const looks = (await this.reg.daemon.metrics()).assetd_webhook_filtered_total;
		await this.reg.daemon.stop();
		await this.#everybodyElse(`types = '{asset.created}', filter = '{}'`);
		await this.reg.daemon.start();
		await freshen(this.reg);
		return {ms: seconds * 1000 / EVENTS, looks: looks / EVENTS};
	}

	async started() {
		await this.reg.daemon.stop();
		await setBack(this.reg, this.told.from, `${this.receivers.plain}/waiting/%`);
		const before = this.receivers.mark(), began = Date.now();
		await this.reg.daemon.start();
		const came = await this.#came(before, '/waiting/', 1);
		await freshen(this.reg);
		return {seconds: (came[0].at - began) / 1000};
	}

	/* What is told and delivered in a second, of so many seconds. */
	async #rate(seconds) {
		const position = async () => (await this.reg.sql('select position::int as n from assetd.feed_state'))[0].n;
		const mark = this.receivers.mark(), from = await position(), began = performance.now();
		await pause(seconds * 1000);
		const a_second = n => n * 1000 / (performance.now() - began);
		return {told: a_second(await position() - from), delivered: a_second(this.receivers.count(mark))};
	}

	async held() {
		const seconds = Math.max(2, SECONDS), warm = Math.min(5, seconds);
		await this.reg.sql('select pg_stat_reset()');
		await this.#caughtUp();
		const writing = transact(this.reg, this.folder, {type: 'bench.held', pace: HELD_PACE, seconds: warm + seconds + HELD_S, clients: 8});
		await pause(warm * 1000);
		const free = await this.#rate(seconds);
		const held = await this.reg.cluster.session(async db => {
			await db.query('begin isolation level repeatable read; select count(*) from assetd.feed_state');
			await pause(Math.max(0, HELD_S - 2 * seconds) * 1000);
			return this.#rate(seconds);
		});
		await writing;
		await assertTold(this.reg);
		const [{dead}] = await this.reg.sql(`select coalesce(sum(n_dead_tup), 0)::int as dead from pg_stat_user_tables where relid in (${LOGS})`);
		return {free, held, dead};
	}

	async stop() {
		this.agent?.destroy();
		await this.reg?.stop();
		await this.receivers?.stop();
		await this.silent?.stop();
		discard(this.folder);
	}
}

function report(rounds, held) {
	const figure = (name, what) => short(middle(rounds, name, what));
	for (const name of ['bare', 'fed', 'notifying'])
		say({bench: 'feed', arm: name, transactions_a_second: Math.round(middle(rounds, name, 'tps')), rounds: ROUNDS});
	const most = (limit, got, bound) => say({bench: 'feed', limit, figure: got, goal: `<= ${bound}`, met: got <= bound});
	const tps = Math.round(middle(rounds, 'fed', 'tps'));
	say({bench: 'feed', limit: '10,000 one-event transactions a second', figure: tps, goal: '>= 10000', met: tps >= 10_000});
	say({bench: 'feed', against: 'the same transactions with a NOTIFY in each', ...goal({ratio: ratio(rounds, 'tps', 'fed', 'notifying'), least: 1})});
	most(`ms from a commit to its webhook, p50, ${PACE} a second`, figure('latency', 'p50_ms'), 40);
	most(`ms from a commit to its webhook, p99, ${PACE} a second`, figure('latency', 'p99_ms'), 250);
	say({bench: 'feed', limit: `p99 beside a webhook that hangs, ${HUNG} waiting for it, of that where nobody waits for these`, ...goal({ratio: ratio(rounds, 'p99_ms', 'hung', 'beside'), most: 1.1})});
	most(`seconds until the last of ${WEBHOOKS} webhooks has one event`, figure('everybody', 'seconds'), 2);
	most('statements that it takes', figure('everybody', 'statements'), 12);
	most(`ms for each event and ${WEBHOOKS} webhooks of ${FILTERS} filters`, figure('filtered', 'ms'), 2);
	most('times that each of them was held against a filter', figure('filtered', 'looks'), FILTERS);
	most(`seconds from start to the first of ${WAITING * EVENTS} deliveries`, figure('started', 'seconds'), 1);
	for (const what of ['told', 'delivered'])
		say({bench: 'feed', what: `${what} beside a snapshot held for ${HELD_S} s, ${HELD_PACE} events a second`, against: 'as long before it', ...goal({ratio: held.held[what] / held.free[what], least: 0.9})});
	most('dead rows of what is only added to', held.dead, 0);
	say({bench: 'feed', limits: 'off', durable: true, machine: machine()});
}

async function main() {
	const bench = await Bench.start();
	try {
		const rounds = await interleave({bare: () => bench.bare(), fed: () => bench.fed(), notifying: () => bench.notifying(), latency: () => bench.latency(), beside: () => bench.beside(), hung: () => bench.hung(),
			everybody: () => bench.everybody(), filtered: () => bench.filtered(), started: () => bench.started()}, arm => arm());
		report(rounds, await bench.held());
	} catch (error) {
		console.error(error); // the end may fail too, and its error would hide this one
		throw error;
	} finally {
		await bench.stop();
	}
}

await main();
