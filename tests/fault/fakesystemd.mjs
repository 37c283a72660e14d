// The daemon as systemd runs it: fakesystemd keeps the socket, passes it on, starts again what
// failed. See fakesystemd.c.

import path from 'node:path';
import {ASSETD, BUILD, start, until} from '../harness/index.mjs';

const PROGRAM = path.join(BUILD, 'tests/fault/fakesystemd');

/**
 * daemon: as prepareDaemon() gives it, not started. options: of fakesystemd, as an array.
 * → {port, url, service (its process's id), restart(), events(), stop()}; resolves when listening.
 */
export async function startActivated(daemon, options = [], {env = {}, args = []} = {}) {
	const supervisor = start(PROGRAM, [...options, '--', ASSETD, '--config', daemon.confFile, ...args],
		{label: 'fakesystemd', logFile: daemon.logFile, env: {...daemon.env, ...env}});
	const events = () => [...daemon.log().matchAll(/^fakesystemd: (\w+)(?: (\d+))?$/gm)].map(([, name, n]) => [name, Number(n)]);
	const count = name => events().filter(e => e[0] === name).length;
	const ready = n => until(() => count('ready') >= n, {what: `life ${n}`});
	const [, port] = await until(() => events().find(e => e[0] === 'listening'), {what: 'fakesystemd'});
	return {
		port, events, count, ready, supervisor,
		url: `http://127.0.0.1:${port}`,
		/** The process's id of the life that is. */
		get service() {
			return events().filter(e => e[0] === 'started').at(-1)[1];
		},
		/** SIGTERM for the service, and a new life; resolves when that is ready. */
		async restart() {
			const n = count('ready');
			process.kill(supervisor.pid, 'SIGHUP');
			await ready(n + 1);
		},
		/** End both; throws unless the service ended cleanly. */
		async stop() {
			daemon.check(await supervisor.stop('SIGTERM', 45_000));
		},
	};
}
