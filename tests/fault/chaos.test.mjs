// Kills at random under load: the daemon, one backend, the whole
// cluster. Writers keep an op log of what they asked and what they were told; a checker
// compares it with the database: what was answered is there, once, as it was answered; what was
// not may be there or not. The same with synchronous_commit off must find losses, or
// the checker could not.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import {startRegister, until} from '../harness/index.mjs';

const LONG = process.env.ASSETD_LONG;
const KILLS = Number(process.env.ASSETD_CHAOS_KILLS ?? (LONG ? 500 : 6));
const seed = Number(process.env.ASSETD_CHAOS_SEED ?? Date.now() % 100_000);
console.log(`seed ${seed}: ASSETD_CHAOS_SEED=${seed} has the same kills again`);

/** mulberry32: the same numbers for the same seed. */
function random(state) {
	return () => {
		state = state + 0x6D2B79F5 | 0;
		let t = Math.imul(state ^ state >>> 15, 1 | state);
		t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
		return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
	};
}

let wanted = 0;

/** Writers that never give a write up: the op log is {key: {told: body or undefined}}. */
function writers(reg, council, count) {
	const log = {ops: new Map(), wrong: [], isOver: false};
	const one = async () => {
		while (!log.isOver) {
			const key = `chaos-${++wanted}`;
			const op = {};
			log.ops.set(key, op);
			do {
				const reply = await reg.admin.post('/v1/assets', {authority_id: council, name: key, class: 'HALL', tenure: 'OWNED'},
					{idempotency: key}).catch(() => ({status: 0}));
				if (reply.status === 201)
					op.told = reply.text;
				else if (![0, 409, 503].includes(reply.status))
					log.wrong.push(`${key}: ${reply.status} ${reply.text}`);
				else
					await pause(20);
			} while (!op.told && !log.isOver);
		}
	};
	log.told = () => [...log.ops.values()].filter(op => op.told).length;
	log.over = Promise.all(Array.from({length: count}, one));
	return log;
}

/** What the database says against what the writers were told → {lost, twice}. */
async function compare(reg, log) {
	const rows = await reg.sql(`select a.name, a.id, k.body, (select count(*)::int from assetd.change as c where c.subject = a.id) as changes
		from assetd.asset as a left join assetd.idempotency_key as k on k.key = a.name where a.name like 'chaos-%'`);
	const there = new Map(rows.map(row => [row.name, row]));
	const lost = [];
	for (const [key, {told}] of log.ops) {
		const row = there.get(key);
		if (told && !(row && row.body === told && JSON.parse(told).id === row.id && row.changes === 1))
			lost.push(key);
	}
	return {lost, twice: rows.length - there.size};
}

const kills = {
	async daemon(reg) {
		await reg.daemon.kill();
		await reg.daemon.start();
	},
	async backend(reg, pick) {
		const found = await reg.sql(`select pid from pg_stat_activity where usename like 'assetd%' order by pid`).catch(() => []);
		if (found.length)
			process.kill(found[Math.floor(pick() * found.length)].pid, 'SIGKILL');
		await until(() => reg.sql('select 1'), {what: 'the server to recover'});
	},
	async cluster(reg) {
		// Each backend is a group of its own; they end by themselves when they meet their dead postmaster.
		await reg.cluster.stop('SIGKILL');
		await until(async () => {
			await reg.cluster.start();
			return true;
		}, {what: 'the cluster to start again'});
	},
};

test(`${KILLS} kills lose nothing that was answered`, async () => {
	const reg = await startRegister({durable: true});
	after(() => reg.stop());
	const pick = random(seed), names = Object.keys(kills);
	const council = (await reg.sql('select min(id) as id from assetd.authority'))[0].id;
	const log = writers(reg, council, 8);
	for (let i = 0; i < KILLS; i++) {
		const before = log.told();
		await until(() => log.told() > before + 20, {what: 'writes to flow'});
		await pause(pick() * 200); // the moment of the kill is the test's own
		await kills[names[i < names.length ? i : Math.floor(pick() * names.length)]](reg, pick);
	}
	const before = log.told();
	await until(() => log.told() > before + 20, {what: 'writes to flow after the last kill'});
	log.isOver = true;
	await log.over;
	const {lost, twice} = await compare(reg, log);
	console.log(`${log.told()} writes answered of ${log.ops.size}`);
	assert.deepEqual(log.wrong, []);
	assert.deepEqual(lost, [], `seed ${seed}`);
	assert.equal(twice, 0);
});

const ROUNDS = 5;

/*
 * Write, and kill the cluster while what was committed has reached no file: those of its processes that
 * write the log or pages by themselves are stopped before (any of them would take the log's end
 * to the disk at a moment of its own), and the log's buffers hold all that is written here.
 * → the writes that were answered and are not there
 */
async function killBeforeTheDisk(reg, council) {
	const others = await reg.sql(`select pid from pg_stat_activity where backend_type in ('walwriter', 'background writer', 'checkpointer')`);
	assert.equal(others.length, 3);
	for (const {pid} of others)
		process.kill(pid, 'SIGSTOP');
	const log = writers(reg, council, 8);
	// One that was stopped with a lock in hand lets nobody write: that round shows nothing.
	await until(() => log.told() > 100, {deadline_ms: 30_000, what: 'writes to flow'}).catch(error => console.log(error.message));
	await reg.cluster.stop('SIGKILL');
	log.isOver = true;
	await log.over;
	await until(async () => {
		await reg.cluster.start();
		return true;
	}, {what: 'the cluster to start again'});
	const {lost} = await compare(reg, log);
	console.log(`${lost.length} lost of ${log.told()} answered`);
	return lost;
}

test('the checker sees losses where commits do not wait for the disk', async () => {
	const reg = await startRegister({durable: true, settings: {synchronous_commit: 'off', wal_buffers: '16MB'}});
	after(() => reg.stop());
	const council = (await reg.sql('select min(id) as id from assetd.authority'))[0].id;
	let lost = [];
	for (let i = 0; i < ROUNDS && !lost.length; i++)
		lost = await killBeforeTheDisk(reg, council);
	assert.ok(lost.length > 0, `none was lost in ${ROUNDS} rounds`);
});
