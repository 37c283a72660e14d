// A daemon without a database behind it: for tests of HTTP itself and of the process. What needs
// no database is answered all the same.

import {discard, prepareDaemon, request, until} from '../harness/index.mjs';

const NOWHERE = {conninfo: ({user, database}) => `host=/nonexistent dbname=${database} user=${user}`};

/** As prepareDaemon(), without a cluster: not started yet. */
export function prepareServer({conf = {}, ...options} = {}) {
	return prepareDaemon(NOWHERE, {migrate: false, conf: {database: {wait_ms: 0}, ...conf}, ...options});
}

/** As prepareDaemon(); → the Daemon, started, /livez answering. stop() also removes its folder. */
export async function startServer({start = {}, ...options} = {}) {
	const daemon = await prepareServer(options);
	await daemon.start({ready: false, ...start});
	await alive(daemon);
	const stop = daemon.stop.bind(daemon);
	daemon.stop = async () => {
		const log = daemon.log();
		await stop();
		daemon.log = () => log;
		discard(daemon.folder);
	};
	return daemon;
}

/** Wait until /livez answers. */
export async function alive(daemon) {
	await until(async () => {
		if (!daemon.process.isRunning)
			return true;
		return (await request(`${daemon.url}/livez`, {agent: false, deadline_ms: 1_000})).status === 200;
	}, {what: 'assetd to live'});
	if (!daemon.process.isRunning)
		throw new Error(`assetd ended before it lived:\n${daemon.log()}`);
}
