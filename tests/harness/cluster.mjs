// A throwaway PostgreSQL cluster: real, private, on a Unix socket in a short folder, gone with
// the test. initdb runs once for a version of PostgreSQL and is kept under build/; each
// cluster is a copy of that folder, which takes a tenth of a second.

import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import {TREE, discard, run, scratch, start, unprivileged} from './process.mjs';
import {until} from './until.mjs';

// 64-bit integers come back as text by default; our ids are text and our pence fit 2^53.
pg.types.setTypeParser(20, text => {
	const n = Number(text);
	return Number.isSafeInteger(n) ? n : BigInt(text);
});
// A date is a civil day and not a moment in the machine's time zone.
pg.types.setTypeParser(1082, text => text);

const CLUSTER_TOOL = path.join(TREE, 'tools/cluster');

/** The newest installed server's programs: "/usr/lib/postgresql/15/bin". */
export function serverPrograms() {
	return execFileSync(CLUSTER_TOOL, ['programs'], {encoding: 'utf8'}).trim();
}

const BASE_SETTINGS = {
	listen_addresses: '',
	max_connections: '120',
	shared_buffers: '32MB',
	min_wal_size: '8MB',
	max_wal_size: '256MB',
	log_line_prefix: '%m [%p] %u ',
	log_min_messages: 'warning',
	// Timed jobs of the server would make runs differ.
	autovacuum: 'off',
	jit: 'off',
};

const FAST_SETTINGS = {fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off'};

const KEPT = path.join(TREE, 'build/pgtemplate');
const STALE_MS = 3600_000;

/**
 * A data folder that clusters are copied from, kept under build/ by its name and made by whoever
 * comes first: make() returns the data folder of a server that is stopped. → its path
 */
export async function keptTemplate(name, make) {
	const kept = path.join(KEPT, `${name}-${process.getuid()}`);
	if (fs.existsSync(kept))
		return kept;
	const data = await make();
	fs.mkdirSync(KEPT, {recursive: true});
	const half = fs.mkdtempSync(`${kept}.`);
	await run('cp', ['-a', `${data}/.`, half]);
	try {
		fs.renameSync(half, kept);
	} catch (error) {
		fs.rmSync(half, {recursive: true, force: true});
		if (!fs.existsSync(kept))
			throw error; // else another test file was quicker
	}
	for (const other of fs.readdirSync(KEPT)) {
		const old = path.join(KEPT, other);
		if (old !== kept && Date.now() - (fs.statSync(old, {throwIfNoEntry: false})?.ctimeMs ?? Infinity) > STALE_MS)
			fs.rmSync(old, {recursive: true, force: true});
	}
	return kept;
}

/* An empty cluster, as initdb leaves it. */
function emptyTemplate() {
	const version = path.basename(path.dirname(serverPrograms()));
	return keptTemplate(`empty-${version}`, async () => {
		const folder = scratch(unprivileged());
		// Small WAL segments: a copy is a third of the size.
		await run(CLUSTER_TOOL, ['init', path.join(folder, 'data'), '--wal-segsize=1']);
		return path.join(folder, 'data');
	});
}

/**
 * durable:   keep fsync and synchronous commits on (tests that kill things). Off by default.
 * settings:  further lines of postgresql.conf, {name: value}.
 * from:      a data folder to start from (keptTemplate()) instead of an empty cluster.
 */
export async function startCluster({durable = false, settings = {}, from} = {}) {
	const account = unprivileged();
	const folder = scratch(account);
	const data = path.join(folder, 'data');
	await run('cp', ['-a', '--reflink=auto', from ?? await emptyTemplate(), data]);
	fs.rmSync(path.join(data, 'postmaster.pid'), {force: true});
	const all = {...BASE_SETTINGS, ...(durable ? {} : FAST_SETTINGS), ...settings};
	fs.writeFileSync(path.join(data, 'postgresql.auto.conf'),
		Object.entries(all).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`).join(''));
	const cluster = new Cluster(folder, data, account);
	await cluster.start();
	return cluster;
}

/* What /proc says of a process: [state, parent]; undefined when there is none. */
function statOf(pid) {
	try {
		return fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
	} catch {
		return undefined;
	}
}

function childrenOf(parent) {
	return fs.readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number)
		.filter(pid => Number(statOf(pid)?.[1]) === parent);
}

function isAlive(pid) {
	const state = statOf(pid)?.[0];
	return state !== undefined && state !== 'Z' && state !== 'X';
}

function killIfThere(pid) {
	try {
		process.kill(pid, 'SIGKILL');
	} catch { /* gone by itself */ }
}

export class Cluster {
	#pools = new Map();

	constructor(folder, data, account) {
		this.folder = folder;
		this.data = data;
		this.account = account;
		this.socketDir = folder;
		this.logFile = path.join(folder, 'postgres.log');
		fs.chmodSync(folder, 0o755); // others connect through it; the data folder stays 0700
	}

	/** Start (again), and return when it takes connections. */
	async start() {
		this.process = start(path.join(serverPrograms(), 'postgres'), ['-D', this.data, '-k', this.socketDir],
			{label: 'postgres', logFile: this.logFile, deathSignal: 'QUIT', cwd: '/', ...this.account});
		await until(async () => {
			if (!this.process.isRunning)
				return true;
			await this.sql('select 1', [], {database: 'postgres'});
			return true;
		}, {what: 'PostgreSQL to take connections'});
		if (!this.process.isRunning)
			throw new Error(`PostgreSQL did not start:\n${fs.readFileSync(this.logFile, 'utf8')}`);
	}

	/** Stop the server: 'SIGINT' fast, 'SIGQUIT' without a checkpoint, 'SIGKILL' by murder. The data stay. */
	async stop(signal = 'SIGINT') {
		await this.#closePools();
		if (signal === 'SIGKILL') {
			// Each backend leads a group of its own, and holds the shared memory until it ends.
			const backends = childrenOf(this.process.pid);
			this.process.signal('SIGKILL');
			for (const pid of backends)
				killIfThere(pid);
			await this.process.exited;
			await until(() => !backends.some(isAlive), {what: 'the killed backends to be gone'});
			fs.rmSync(path.join(this.data, 'postmaster.pid'), {force: true});
			return;
		}
		await this.process.stop(signal, 30_000);
	}

	/** Stop and remove. */
	async end() {
		if (this.process.isRunning)
			await this.stop('SIGQUIT');
		await this.#closePools();
		discard(this.folder);
	}

	/** libpq connection string. */
	conninfo({user = 'postgres', database = 'assetd'} = {}) {
		return `host=${this.socketDir} dbname=${database} user=${user}`;
	}

	/** One statement on a pooled connection → rows. user: postgres (superuser) unless told. */
	async sql(text, params = [], {user = 'postgres', database = 'assetd'} = {}) {
		return (await this.#pool(user, database).query(text, params)).rows;
	}

	/** fn(client) on a connection of its own: transactions, settings, LISTEN. Rolled back if it throws. */
	async session(fn, {user = 'postgres', database = 'assetd'} = {}) {
		const client = new pg.Client({host: this.socketDir, user, database});
		client.on('error', () => {});
		await client.connect();
		try {
			return await fn(client);
		} finally {
			await client.end();
		}
	}

	/** Make a database, empty or as a copy of another that nobody else is connected to, with what is set for roles in it. */
	async createDatabase(name, {template: from = 'template0'} = {}) {
		await this.#closePools(key => key.endsWith(`@${from}`)); // a template may have no sessions
		await this.sql(`create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(from)}`, [],
			{database: 'postgres'});
		// PostgreSQL leaves these behind, and without them a role does not find the schema.
		await this.sql(`insert into pg_db_role_setting select made.oid, setrole, setconfig
			from pg_db_role_setting join pg_database copied on copied.oid = setdatabase and copied.datname = $2, pg_database made
			where made.datname = $1`, [name, from], {database: 'postgres'});
	}

	#pool(user, database) {
		const name = `${user}@${database}`;
		if (!this.#pools.has(name)) {
			const pool = new pg.Pool({host: this.socketDir, user, database, max: 8, allowExitOnIdle: true});
			pool.on('error', () => {}); // the server going away is what some tests are about
			this.#pools.set(name, pool);
		}
		return this.#pools.get(name);
	}

	async #closePools(which = () => true) {
		const names = [...this.#pools.keys()].filter(which);
		const pools = names.map(name => this.#pools.get(name));
		names.forEach(name => this.#pools.delete(name));
		await Promise.all(pools.map(pool => pool.end()));
	}
}
