// Children of a test. Each leads its own process group and is killed with it when the test's
// process ends, however it ends: by our exit handler, or by the kernel (PR_SET_PDEATHSIG,
// set by setpriv) when that process is itself killed.

import {spawn, execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import net from 'node:net';
import {randomInt} from 'node:crypto';
import {fileURLToPath} from 'node:url';
import {within} from './until.mjs';

/** Root of the source tree. */
export const TREE = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Where the programs under test were built; tools/test sets it. */
export const BUILD = process.env.ASSETD_BUILD ?? path.join(TREE, 'build/dev');

const living = new Set();
const folders = new Set();

process.on('exit', () => {
	for (const child of living) {
		process.stderr.write(`harness: ${child.label} was left running; killed\n`);
		child.signal('SIGKILL');
		process.exitCode ||= 1;
	}
	for (const folder of folders)
		fs.rmSync(folder, {recursive: true, force: true});
});

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
	process.once(name, () => process.exit(130));

/**
 * A folder that goes when the test's process does. Short: a Unix socket's path ends at 107 bytes.
 * uid, gid: who owns it, when not us.
 */
export function scratch({uid, gid} = {}) {
	const base = os.tmpdir().length <= 60 ? os.tmpdir() : '/tmp';
	const folder = fs.mkdtempSync(path.join(base, 'asd-'));
	folders.add(folder);
	if (uid !== undefined)
		fs.chownSync(folder, uid, gid);
	return folder;
}

/** Remove a scratch folder now. */
export function discard(folder) {
	fs.rmSync(folder, {recursive: true, force: true});
	folders.delete(folder);
}

/**
 * The account that PostgreSQL runs as: {uid, gid} of `postgres` when we are root (it refuses
 * root), {} when we are somebody ordinary already.
 */
export function unprivileged() {
	if (process.getuid() !== 0)
		return {};
	const id = flag => Number(execFileSync('id', [flag, 'postgres'], {encoding: 'utf8'}));
	return {uid: id('-u'), gid: id('-g')};
}

/** Run to the end; the output as text. Throws with both outputs when the exit code is not 0. */
export async function run(command, args = [], {deadline_ms = 60_000, input, ok = [0], ...options} = {}) {
	const child = spawn(command, args, {...options, stdio: ['pipe', 'pipe', 'pipe']});
	const out = [], err = [];
	child.stdout.on('data', d => out.push(d));
	child.stderr.on('data', d => err.push(d));
	child.stdin.on('error', () => {});
	child.stdin.end(input);
	let code;
	try {
		code = await within(new Promise((resolve, reject) => {
			child.once('error', reject);
			child.once('close', (c, signal) => resolve(c ?? signal));
		}), deadline_ms, `${command} ${args.join(' ')}`);
	} catch (error) {
		child.kill('SIGKILL');
		throw error;
	}
	const result = {code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString()};
	if (ok !== null && !ok.includes(code))
		throw new Error(`${command} ${args.join(' ')}: ${code}\n${result.stdout}${result.stderr}`);
	return result;
}

/**
 * Start something that stays. Its output goes to logFile (appended).
 * → {pid, label, exited (promise of exit code or signal name), isRunning, signal(name), stop(…)}
 */
export function start(command, args, {label = path.basename(command), logFile, uid, gid, deathSignal = 'KILL', ...options}) {
	const log = fs.openSync(logFile, 'a');
	// util-linux's setpriv changes the user before it sets the signal, as it must.
	const as = ['--pdeathsig', deathSignal];
	if (uid !== undefined)
		as.push('--reuid', String(uid), '--regid', String(gid), '--clear-groups');
	const child = spawn('setpriv', [...as, '--', command, ...args],
		{...options, detached: true, stdio: ['ignore', log, log, ...(options.stdio ?? [])]});
	fs.closeSync(log);
	child.unref(); // a child that was forgotten must not keep the test's process alive
	let ended;
	const handle = {
		label,
		pid: child.pid,
		isRunning: true,
		get exited() {
			if (handle.isRunning)
				child.ref();
			return ended;
		},
		signal(name) {
			try {
				process.kill(-child.pid, name);
			} catch (error) {
				if (error.code !== 'ESRCH')
					throw error;
			}
		},
		/** Signal the process alone, wait for its end; after deadline_ms kill the group and throw. */
		async stop(name = 'SIGTERM', deadline_ms = 40_000) {
			if (!handle.isRunning)
				return handle.exited;
			process.kill(child.pid, name);
			try {
				return await within(handle.exited, deadline_ms, `end of ${label} after ${name}`);
			} catch (error) {
				handle.signal('SIGKILL');
				await handle.exited;
				throw error;
			}
		},
	};
	living.add(handle);
	ended = new Promise((resolve, reject) => {
		const note = how => {
			handle.isRunning = false;
			living.delete(handle);
			return how;
		};
		child.once('error', error => reject(note(error)));
		child.once('exit', (code, signal) => resolve(note(code ?? signal)));
	});
	ended.catch(() => {});
	return handle;
}

const given = new Set();

/** A port on 127.0.0.1 that nobody listens on, outside the range that clients are given; each once. */
export async function freePort() {
	for (;;) {
		const port = randomInt(15_000, 32_000);
		if (given.has(port))
			continue;
		const isFree = await new Promise(resolve => {
			const probe = net.createServer();
			probe.once('error', () => resolve(false));
			probe.listen({host: '127.0.0.1', port, exclusive: true}, () => probe.close(() => resolve(true)));
		});
		if (isFree) {
			given.add(port);
			return port;
		}
	}
}
