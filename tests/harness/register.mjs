// The usual beginning of an integration test: a cluster, a migrated database, a running
// daemon and its administrator, in one call; and one call to end them.

import {startCluster} from './cluster.mjs';
import {prepareDaemon} from './daemon.mjs';
import {discard} from './process.mjs';

/**
 * → {cluster, daemon, url, adminKey, admin (client), anyone (client), sql(text, params, {user}), stop()}
 *
 * Options of prepareDaemon() (conf, role, env, clock), and
 * cluster:  one to share; it is then not stopped by stop().
 * database: its name in the cluster, made if absent ('assetd').
 * durable, settings: for startCluster().
 *
 *   const reg = await startRegister();
 *   after(() => reg.stop());
 *   test('…', async () => { const made = await reg.admin.post('/v1/assets', {…}); … });
 */
export async function startRegister({cluster: shared, database = 'assetd', durable, settings, ...options} = {}) {
	const cluster = shared ?? await startCluster({durable, settings});
	let daemon;
	try {
		await cluster.createDatabase(database);
		daemon = await prepareDaemon(cluster, {database, ...options});
		await daemon.start();
		const adminKey = await daemon.adminKey();
		return {
			cluster, daemon, database, adminKey,
			url: daemon.url,
			admin: daemon.client(adminKey),
			anyone: daemon.client(),
			sql: (text, params, {user} = {}) => cluster.sql(text, params, {user, database}),
			/** Stop both; throws when the daemon did not end cleanly. */
			async stop() {
				try {
					await daemon.stop();
				} finally {
					if (!shared)
						await cluster.end();
				}
				discard(daemon.folder);
			},
		};
	} catch (error) {
		daemon?.process?.signal('SIGKILL');
		if (!shared)
			await cluster.end();
		throw error;
	}
}
