// The sequencer under writers that take their transaction numbers early, dawdle, and roll back:
// nothing lost, positions without holes, each subject in its own order, also when the daemon
// that holds the lease is killed and another takes over. A reader that pages by id fails the
// same run, which shows that the run is hard enough.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {prepareDaemon, startMigratedCluster, until} from '../harness/index.mjs';

const LONG = process.env.ASSETD_LONG;
const EVENTS = Number(process.env.ASSETD_TORTURE_EVENTS ?? (LONG ? 1_000_000 : 10_000));
const DAWDLE_MS = 40;
const LONGEST_MS = 2000; // one in a thousand of a long run
const WRITERS = 48;
const TENTH_MS = LONG ? 3_000_000 : 600_000;
const SUBJECTS = 60;

const cluster = await startMigratedCluster();
const daemons = [];
after(async () => {
	for (const daemon of daemons)
		await daemon.stop();
	await cluster.end();
});

const first = await prepareDaemon(cluster, {role: 'feed', migrate: false});
const second = await prepareDaemon(cluster, {role: 'feed', migrate: false});
const sql = (text, params) => cluster.sql(text, params);

// A subject is a row whose version is its subject_seq, as everywhere in the register.
await sql(`create table assetd.torture (id int primary key, version int not null default 0)`);
await sql(`create sequence assetd.torture_id`);
await sql(`insert into assetd.torture select n, 0 from generate_series(1, ${SUBJECTS}) as n`);
await sql(`create function assetd.torture_write(subject int, early_ms float, late_ms float, undo boolean) returns void
	language plpgsql as $$
	declare
		seq int;
	begin
		perform set_config('assetd.now', clock_timestamp()::text, true), pg_current_xact_id();
		perform pg_sleep(early_ms / 1000);
		update assetd.torture set version = version + 1 where id = subject returning version into seq;
		insert into assetd.change (id, readers, is_public, type, subject, subject_seq, actor_kind, data)
		values ('evt_' || lpad(nextval('assetd.torture_id')::text, 26, '0'), '{}', true, 'torture.written',
			'tor_' || lpad(subject::text, 26, '0'), seq, 'SYSTEM', '{}');
		perform pg_sleep(late_ms / 1000);
		if undo then
			raise exception 'undone' using errcode = 'P0099';
		end if;
	end $$`);

// The reference bodies came with changes of their own.
const [{count: before}] = await sql('select count(*)::int as count from assetd.change');
let committed = 0;

const dawdle = () => Math.random() * (LONG && Math.random() < 0.001 ? LONGEST_MS : DAWDLE_MS);

async function write() {
	await cluster.session(async client => {
		while (committed < EVENTS) {
			const undo = Math.random() < 0.3;
			await client.query('select assetd.torture_write($1, $2, $3, $4)', [1 + Math.floor(Math.random() * SUBJECTS),
				dawdle(), dawdle(), undo]).then(() => committed++, error => {
				if (error.code !== 'P0099')
					throw error;
			});
		}
	});
}

/** What most programs do: remember the last id, ask for larger ones. */
async function readNaively(isOver) {
	let last = '', seen = 0;
	for (let over = false; !over;) {
		over = isOver();
		const rows = await sql(`select id from assetd.change where type = 'torture.written' and id > $1 order by id`, [last]);
		seen += rows.length;
		last = rows.at(-1)?.id ?? last;
	}
	return seen;
}

/** Who sequences: {fence, daemon}; of those that run. */
async function holder() {
	const [lease] = await sql(`select fence::int, split_part(holder, '/', 2)::int as pid from assetd.lease where name = 'feed'`);
	return {fence: lease?.fence, daemon: [first, second].find(d => d.process?.isRunning && d.process.pid === lease?.pid)};
}

/** The lease has gone to another, and that one moves the feed. */
async function takenOver(from, position) {
	await until(async () => (await holder()).fence > from.fence, {what: 'another to take the lease'});
	const then = await position();
	await until(async () => await position() > then, {what: 'the feed to move again'});
}

test(`W-03 W-04: ${EVENTS} events of ${WRITERS} writers, three in ten undone`, {timeout: 7_200_000}, async t => {
	daemons.push(first, second);
	await first.start({ready: false});
	await second.start({ready: false});
	const position = async () => Number((await sql('select position from assetd.feed_state'))[0].position);
	let isOver = false;
	const writers = Promise.all(Array.from({length: WRITERS}, write)).finally(() => isOver = true);
	const naive = readNaively(() => isOver);

	await until(async () => await position() > before + EVENTS / 10, {deadline_ms: TENTH_MS, what: 'the first tenth to be told'});
	const stopped = await holder();
	stopped.daemon.process.signal('SIGSTOP');
	await takenOver(stopped, position);
	stopped.daemon.process.signal('SIGCONT'); // and it still believes that it holds the lease
	const killed = await holder();
	assert.notEqual(killed.daemon, stopped.daemon);
	await until(() => stopped.daemon.logLines().some(l => /^lease (lost|in doubt)$/.test(l.what)), {what: 'it to learn better'});
	await killed.daemon.kill();
	await takenOver(killed, position);
	await killed.daemon.start({ready: false});
	await writers;
	await until(async () => await position() === before + committed, {deadline_ms: TENTH_MS, what: 'every event to be told'});
	await first.stop();
	await second.stop();
	await second.start({ready: false});

	const [feed] = await sql(`select count(*)::int as count, min(position)::int as first, max(position)::int as last,
		count(distinct change_id)::int as different from assetd.feed`);
	const all = before + committed;
	assert.deepEqual(feed, {count: all, first: 1, last: all, different: all});
	const [lost] = await sql(`select count(*)::int as n from assetd.change as c
		where not exists (select from assetd.feed as f where f.change_id = c.id)`);
	assert.equal(lost.n, 0, 'lost');
	const [inversions] = await sql(`select count(*)::int as n from (select subject_seq,
		lag(subject_seq, 1, 0) over (partition by subject order by position) as before from assetd.feed) as x
		where subject_seq <> before + 1`);
	assert.equal(inversions.n, 0, 'inversions');
	assert.equal((await holder()).fence >= 3, true, 'each who took over had a fence of its own');

	// By what PostgreSQL counted itself: only ever added to.
	const written = async () => (await sql(`select sum(n_tup_ins)::int as added, sum(n_tup_upd + n_tup_del)::int as changed from pg_stat_user_tables
		where relid in (select relid from pg_partition_tree('assetd.change')) or relid = 'assetd.feed'::regclass`))[0];
	await until(async () => (await written()).added >= 2 * committed, {what: 'all to be counted'});
	assert.equal((await written()).changed, 0, 'and nothing of it rewritten');

	const missed = committed - await naive;
	t.diagnostic(`${committed} events; a reader by id missed ${missed}`);
	assert.ok(missed > 0, 'the run is too gentle: even a reader by id missed nothing');
});

test('W-05: a transaction in the way is told of, and nothing is lost when it ends', {timeout: 180_000}, async () => {
	for (const user of ['assetd_api', 'assetd_worker']) // and none of our own is in the way for longer
		assert.deepEqual(await cluster.sql('show idle_in_transaction_session_timeout', [], {user}), [{idle_in_transaction_session_timeout: '10s'}]);
	const [before] = await sql('select position::int from assetd.feed_state');
	await cluster.session(async client => {
		await client.query('begin');
		await client.query('select pg_current_xact_id()');
		const [{pid}] = (await client.query('select pg_backend_pid() as pid')).rows;
		await sql('select assetd.torture_write(1, 0, 0, false)');
		await until(async () => (await second.metrics()).assetd_feed_stall_seconds >= (LONG ? 60 : 5),
			{what: 'the stall to be measured'});
		await until(() => second.logLines().some(line => line.what === 'the feed waits for a transaction'
			&& line.backend === pid), {what: 'the log to name the backend'});
		assert.deepEqual(await sql('select position::int from assetd.feed_state'), [before]);
		await client.query('rollback');
	});
	await until(async () => (await sql('select position::int as p from assetd.feed_state'))[0].p === before.position + 1,
		{what: 'the change to be told'});
	await until(async () => (await second.metrics()).assetd_feed_stall_seconds === 0, {what: 'the gauge to fall'});
});

test('W-05: while nobody can look, that is seen as well', async () => {
	const [before] = await sql('select position::int from assetd.feed_state');
	await cluster.session(async client => {
		await client.query('begin; lock assetd.feed_state in access exclusive mode');
		await until(async () => (await second.metrics()).assetd_feed_stall_seconds >= 3, {what: 'the stall to grow'});
		await client.query('rollback');
	});
	await sql('select assetd.torture_write(1, 0, 0, false)');
	await until(async () => (await sql('select position::int as p from assetd.feed_state'))[0].p === before.position + 1, {what: 'the change to be told'});
	await until(async () => (await second.metrics()).assetd_feed_stall_seconds === 0, {what: 'the gauge to fall'});
});

test('W-06: a register restored into a younger cluster goes on where it stood', {timeout: 60_000}, async () => {
	await second.stop();
	// As pg_dump leaves it: transaction numbers that this cluster has yet to give out.
	await sql(`update assetd.feed_state set floor = '900000000'`);
	await sql(`insert into assetd.change (id, xid, at, readers, is_public, type, subject, subject_seq, actor_kind, data)
		values ('evt_restored000000000000000000', '899999999', now(), '{}', true, 'torture.written',
			'tor_restored000000000000000000', 1, 'SYSTEM', '{}')`);
	const [before] = await sql('select position::int from assetd.feed_state');
	await second.start({ready: false});
	const told = async () => (await sql('select position::int as p from assetd.feed_state'))[0].p;
	await until(async () => await told() === before.position + 1, {what: 'the restored change to be told'});
	await sql('select assetd.torture_write(1, 0, 0, false)');
	await until(async () => await told() === before.position + 2, {what: 'new changes to be told'});
});
