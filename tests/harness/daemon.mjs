// The real assetd under test: migrate, start, ready, clock, log, stop. A sanitizer's report, an
// exit code other than 0 or a death by signal fails the test that stops it.

import fs from 'node:fs';
import path from 'node:path';
import {randomBytes} from 'node:crypto';
import {BUILD, freePort, run, scratch, start} from './process.mjs';
import {client, request} from './http.mjs';
import {until} from './until.mjs';

/** Programs under test; ASSETD_BUILD names another build folder than build/dev. */
export const ASSETD = path.join(BUILD, 'daemon/assetd');
export const ASSETCTL = path.join(BUILD, 'tools/assetctl');

/*
 * ASSETD_LAUNCHER, a JSON array, is put before the program whenever it is started to stay:
 * tests/systemd runs the other suites' daemons under the unit's system call filter that way.
 */
const LAUNCHER = JSON.parse(process.env.ASSETD_LAUNCHER ?? '[]');

const SANITIZERS = {
	// Looking for leaks needs ptrace, which the units forbid.
	ASAN_OPTIONS: `detect_leaks=${LAUNCHER.length ? 0 : 1}:abort_on_error=0:exitcode=99:detect_stack_use_after_return=1:max_free_fill_size=4096`,
	UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
	TSAN_OPTIONS: 'halt_on_error=0:exitcode=98:second_deadlock_stack=1',
};

const SANITIZER_REPORT = /ERROR: (Address|Leak|Thread)Sanitizer|WARNING: ThreadSanitizer|runtime error:|Assertion .* failed/;

/**
 * Settings that suit tests: nobody is slowed down, nothing leaves the machine.
 * conf: {section: {name: value}}, laid over them.
 */
function settings(cluster, database, ports, folder, conf) {
	const all = {
		http: {listen: `127.0.0.1:${ports.http}`, workers: 2},
		metrics: {listen: `127.0.0.1:${ports.metrics}`},
		database: {
			api: cluster.conninfo({user: 'assetd_api', database}),
			worker: cluster.conninfo({user: 'assetd_worker', database}),
			owner: cluster.conninfo({user: 'postgres', database}),
		},
		auth: {pepper_file: path.join(folder, 'pepper')},
		hooks: {key_file: path.join(folder, 'hooks.key'), allow_http: 'yes', allow_cidr: '127.0.0.0/8'},
		limits: {connections_per_address: 4096, anonymous_per_minute: 0, key_per_minute: 0, pages_per_minute: 0, letters_per_minute: 0, sign_ins_per_minute: 0},
		log: {level: 'info'},
	};
	for (const [section, names] of Object.entries(conf))
		all[section] = {...all[section], ...names};
	return Object.entries(all).map(([section, names]) => `[${section}]\n` +
		Object.entries(names).map(([name, value]) => `${name} = ${value}\n`).join('')).join('\n');
}

/**
 * Prepare a daemon on a database of the cluster: folder, configuration, secrets, migration.
 * It is not started yet; see Daemon.start().
 *
 * conf:   settings over the defaults, {section: {name: value}}.   role: as --role.
 * env:    further environment.    clock: an RFC 3339 moment to begin at (test builds only).
 * migrate: false when the database has been migrated before.
 */
export async function prepareDaemon(cluster, {database = 'assetd', conf = {}, role, env = {}, clock, migrate = true} = {}) {
	const folder = scratch();
	for (const name of ['pepper', 'hooks.key'])
		fs.writeFileSync(path.join(folder, name), randomBytes(32), {mode: 0o600});
	const ports = {http: await freePort(), metrics: await freePort()};
	const daemon = new Daemon(folder, ports, {role, env});
	fs.writeFileSync(daemon.confFile, settings(cluster, database, ports, folder, conf), {mode: 0o600});
	daemon.setClock(clock);
	if (migrate)
		await daemon.command('migrate');
	return daemon;
}

export class Daemon {
	constructor(folder, ports, {role, env}) {
		this.folder = folder;
		this.ports = ports;
		this.role = role;
		this.url = `http://127.0.0.1:${ports.http}`;
		this.metricsUrl = `http://127.0.0.1:${ports.metrics}/metrics`;
		this.confFile = path.join(folder, 'assetd.conf');
		this.clockFile = path.join(folder, 'clock');
		this.logFile = path.join(folder, 'assetd.log');
		/* Percentiles come when the simulator is through: those who compare answers byte by byte do without. */
		this.env = {ASSETD_PROJECTION_PATHS: '0', ...process.env, ...SANITIZERS, ASSETD_CLOCK_FILE: this.clockFile, ...env};
	}

	/** Run `assetd COMMAND … --config FILE` to its end → {code, stdout, stderr}. */
	async command(name, args = [], options = {}) {
		return run(ASSETD, [name, '--config', this.confFile, ...args], {env: this.env, ...options});
	}

	/** A fresh administrator's key, as `assetd admin-key` prints it. */
	async adminKey() {
		return (await this.command('admin-key')).stdout.trim();
	}

	/** Move the daemon's clock so that now is `moment` (RFC 3339 text); undefined: the real time. */
	setClock(moment) {
		const offset = moment === undefined ? 0 : Math.round((Date.parse(moment) - Date.now()) / 1000);
		fs.writeFileSync(`${this.clockFile}.new`, `${offset}\n`);
		fs.renameSync(`${this.clockFile}.new`, this.clockFile);
	}

	/** Start, and return when /readyz says 200. With ready: false, return at once. */
	async start({ready = true, env = {}, args = []} = {}) {
		const [command, ...before] = [...LAUNCHER, ASSETD];
		this.process = start(command, [...before, '--config', this.confFile, ...(this.role ? ['--role', this.role] : []), ...args],
			{label: 'assetd', logFile: this.logFile, env: {...this.env, ...env}});
		if (ready)
			await this.ready();
		return this;
	}

	async ready() {
		await until(async () => {
			if (!this.process.isRunning)
				return true;
			return (await request(`${this.url}/readyz`, {agent: false, deadline_ms: 2_000})).status === 200;
		}, {what: 'assetd to be ready'}).catch(error => {
			throw new Error(`${error.message}\n${this.log()}`, {cause: error.cause});
		});
		if (!this.process.isRunning)
			throw new Error(`assetd ended (${await this.process.exited}) before it was ready:\n${this.log()}`);
	}

	/** SIGTERM, wait for the end; throws unless it was clean. */
	async stop() {
		if (!this.process?.isRunning)
			return this.check(await this.process?.exited);
		return this.check(await this.process.stop('SIGTERM', 45_000));
	}

	/** SIGKILL, as a power cut for the process. What the sanitizers said before still counts. */
	async kill() {
		this.process.signal('SIGKILL');
		await this.process.exited;
		return this.check(0);
	}

	async restart() {
		await this.stop();
		return this.start();
	}

	/** Throw when the daemon ended badly or a sanitizer has spoken. */
	check(code = 0) {
		if (SANITIZER_REPORT.test(this.log()))
			throw new Error(`sanitizer report of assetd:\n${this.log()}`);
		if (code !== 0)
			throw new Error(`assetd ended with ${code}:\n${this.log()}`);
	}

	/** Everything it wrote to standard error so far. */
	log() {
		return fs.existsSync(this.logFile) ? fs.readFileSync(this.logFile, 'utf8') : '';
	}

	/** The same as objects; a line that is not JSON becomes {text}. */
	logLines() {
		return this.log().split('\n').filter(Boolean).map(line => {
			try {
				return JSON.parse(line);
			} catch {
				return {text: line};
			}
		});
	}

	/** /metrics as {"name{labels}": number}. */
	async metrics() {
		const {text} = await request(this.metricsUrl, {agent: false});
		return Object.fromEntries(text.split('\n').filter(line => line && !line.startsWith('#')).map(line => {
			const cut = line.lastIndexOf(' ');
			return [line.slice(0, cut), Number(line.slice(cut + 1))];
		}));
	}

	client(key) {
		return client(this.url, key);
	}
}
