// Both sides of the benches that stand on a register: ours, filled, at one size or at three; the
// peer from npm; PostgreSQL alone under pgbench, which is the limit; and where the time goes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {peers, processorSeconds, ROUNDS, SECONDS, short, TIMES} from './common.mjs';
import {fillAssets} from './register.mjs';

const {freePort, request, run, start, startRegister, until} = await import('../../tests/harness/index.mjs');

const SETTINGS = {shared_buffers: '1GB', max_wal_size: '4GB'};
/** Of every daemon that is measured. */
export const CONF = {http: {workers: 1, requests: 1_000_000_000, lifetime_s: 864_000}, log: {level: 'warn'}};
/** After so long without work a server's process tells what it counted. */
const TOLD_MS = 11_000;

/** A register with so many assets. options: of startRegister(); fill: what else is to be put into it. */
export async function startFilled(assets, {fill, ...options} = {}) {
	const reg = await startRegister({settings: SETTINGS, conf: CONF, ...options});
	await fillAssets(reg, assets);
	await fill?.(reg);
	return reg;
}

/**
 * What begin(assets) makes, for a hundredth, a tenth and the whole of `assets`, each {…, stop()} → {hundredth, tenth, whole,
 * stop()}. With BENCH_SIZES=one the whole stands for all three: growth then says nothing, and the bench begins sooner.
 */
export async function startSizes(assets, begin) {
	const times = process.env.BENCH_SIZES === 'one' ? TIMES.slice(-1) : TIMES;
	const begun = await Promise.allSettled(times.map(t => begin(Math.ceil(assets * t / 100))));
	const stop = () => Promise.all(begun.map(one => one.value?.stop()));
	const failed = begun.find(one => one.status === 'rejected');
	if (failed) {
		await stop();
		throw failed.reason;
	}
	const all = begun.map(one => one.value), whole = all.at(-1);
	return {hundredth: all[0], tenth: all.at(-2) ?? whole, whole, stop};
}

/**
 * A peer's server that reads the register's tables, once it answers `target`, asked with `key` → {url, child}. args: its
 * kind, and what else it is told.
 */
export async function startPeer({program, args, reg, target, key, folder}) {
	const port = await freePort(), log = path.join(folder, `${args[0]}-${port}.log`);
	const child = start('node', [path.join(await peers(), program), args[0], String(port), reg.cluster.socketDir, reg.database, ...args.slice(1)],
		{label: `peer ${args[0]}`, logFile: log});
	const url = `http://127.0.0.1:${port}`;
	await until(async () => !child.isRunning || (await request(url + target, {key})).status === 200, {deadline_ms: 15_000, what: `peer ${args[0]}`});
	assert.ok(child.isRunning, fs.readFileSync(log, 'utf8'));
	return {url, child};
}

/** A transaction of pgbench's again and again for SECONDS, prepared → {requests, rps}. */
export async function pgbench(reg, script, {user, clients = 8}) {
	const {stdout} = await run('pgbench', ['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-T', String(SECONDS), '-f', script,
		'-h', reg.cluster.socketDir, '-U', user, reg.database], {deadline_ms: 120_000});
	const figure = pattern => Number(pattern.exec(stdout)?.[1]);
	assert.equal(figure(/failed transactions: (\d+)/), 0, stdout);
	return {requests: figure(/actually processed: (\d+)/), rps: figure(/tps = ([\d.]+)/)};
}

/* Processor seconds of a server of PostgreSQL and of all that it started. */
function postgresSeconds(pid) {
	const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
	return [pid, ...children.split(' ').filter(Boolean)].reduce((sum, one) => {
		try {
			return sum + processorSeconds(one);
		} catch {
			return sum; // gone meanwhile
		}
	}, 0);
}

/**
 * Where the time of one more run goes, which is not among those that are timed: → {of: what fn() gave,
 * daemon_us, postgres_us: of a processor, for each of fn()'s `requests`; functions: the eight of the database that took most
 * by themselves, {name: µs for each}}.
 */
export async function profile(reg, fn) {
	const spent = () => ({daemon: processorSeconds(reg.daemon.process.pid), postgres: postgresSeconds(reg.cluster.process.pid)});
	await reg.sql(`alter system set track_functions = 'all'`);
	await reg.sql('select pg_reload_conf(), pg_stat_reset()');
	const before = spent(), of = await fn(), after = spent();
	const each = seconds => short(seconds * 1e6 / of.requests);
	await pause(ROUNDS > 1 ? TOLD_MS : 0);
	const rows = await reg.sql(`select funcname as name, sum(self_time)::float8 / 1000 as seconds from pg_stat_user_functions
		group by funcname order by 2 desc limit 8`);
	await reg.sql('alter system reset track_functions');
	await reg.sql('select pg_reload_conf()');
	return {daemon_us: each(after.daemon - before.daemon), postgres_us: each(after.postgres - before.postgres),
		functions: Object.fromEntries(rows.map(r => [r.name, each(r.seconds)]))};
}

/** Until all that was written has been told, so that no arm pays for the one before it. */
export async function settle(reg) {
	await until(async () => {
		const [{left}] = await reg.sql(`select (select count(*) from assetd.change) - (select count(*) from assetd.feed) as left`);
		return left <= 0;
	}, {deadline_ms: 300_000, what: 'the feed to tell all'});
}
