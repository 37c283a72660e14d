// The usual beginning of an integration test: a cluster, a migrated database, a running
// daemon and its administrator, in one call; and one call to end them. The migration itself is
// run once for a program and kept; tests of migration use prepareDaemon().

import fs from 'node:fs';
import path from 'node:path';
import {createHash} from 'node:crypto';
import {keptTemplate, serverPrograms, startCluster} from './cluster.mjs';
import {contract} from './contract.mjs';
import {ASSETD, prepareDaemon} from './daemon.mjs';
import {dataFaults} from './events.mjs';
import {startProxy} from './pgproxy.mjs';
import {TREE, discard} from './process.mjs';

/* What a migrated database depends on: the program and everything under sql/. */
function migrationKey() {
	const hash = createHash('sha256').update(serverPrograms());
	const add = file => {
		const {mtimeMs, size} = fs.statSync(file);
		hash.update(`${file} ${mtimeMs} ${size}\n`);
	};
	add(ASSETD);
	for (const entry of fs.readdirSync(path.join(TREE, 'sql'), {recursive: true}).sort()) {
		const file = path.join(TREE, 'sql', entry);
		if (fs.statSync(file).isFile())
			add(file);
	}
	return hash.digest('hex').slice(0, 16);
}

/* A cluster with the database `assetd` migrated, by the program under test. */
function migratedTemplate() {
	return keptTemplate(`migrated-${migrationKey()}`, async () => {
		const cluster = await startCluster();
		try {
			await cluster.createDatabase('assetd');
			const daemon = await prepareDaemon(cluster);
			discard(daemon.folder);
			await cluster.stop();
			return cluster.data;
		} catch (error) {
			await cluster.end();
			throw error;
		}
	});
}

/**
 * A cluster whose database `assetd` has been migrated, for tests that need no daemon or give each its own
 * database: startRegister({cluster, database: 'other'}) makes that as a copy, as long as nobody is connected
 * to `assetd`.   options: durable and settings of startCluster().
 */
export async function startMigratedCluster(options = {}) {
	const cluster = await startCluster({...options, from: await migratedTemplate()});
	cluster.isMigrated = true;
	return cluster;
}

/* Whatever was written while the test ran is as the catalogue of events says (W-52); what has no data was put in by a test. */
async function checkChanges(cluster, database) {
	const changes = await cluster.sql(`select c.type, c.data || coalesce(m.data, '{}') as data from assetd.change as c
		left join assetd.change_money as m on m.change_id = c.id and m.at = c.at
		 where c.data <> '{}' order by c.xid desc limit 5000`, [], {database})
		.catch(() => []); // a test that has ended its cluster, or never migrated it
	const wrong = new Set(changes.flatMap(({type, data}) => dataFaults(contract().api, type, data)));
	if (wrong.size)
		throw new Error(`events that the catalogue does not have:\n${[...wrong].slice(0, 20).join('\n')}`);
}

/**
 * → {cluster, daemon, proxy, url, adminKey, admin (client), anyone (client), sql(text, params, {user}), stop()}
 *
 * Options of prepareDaemon() (conf, role, env, clock), and
 * cluster:  one to share; it is then not stopped by stop().
 * database: its name in the cluster, made if absent ('assetd').
 * durable, settings: for startCluster().
 * proxied:  true puts a proxy (pgproxy.mjs) before the database for what comes in by the API.
 *
 *   const reg = await startRegister();
 *   after(() => reg.stop());
 *   test('…', async () => { const made = await reg.admin.post('/v1/assets', {…}); … });
 */
export async function startRegister({cluster: shared, database = 'assetd', durable, settings, proxied = false, conf = {}, ...options} = {}) {
	const isUsual = !shared && database === 'assetd' && options.migrate !== false;
	const cluster = shared ?? await startCluster({durable, settings, from: isUsual ? await migratedTemplate() : undefined});
	const proxy = proxied ? await startProxy(cluster) : undefined;
	const end = async () => {
		await proxy?.stop();
		if (!shared)
			await cluster.end();
	};
	let daemon;
	try {
		if (!isUsual)
			await cluster.createDatabase(database, shared?.isMigrated ? {template: 'assetd'} : {});
		const api = proxy && {api: proxy.conninfo({user: 'assetd_api', database})};
		daemon = await prepareDaemon(cluster, {database, ...options, conf: {...conf, database: {...api, ...conf.database}}, migrate: !isUsual && !shared?.isMigrated && options.migrate !== false});
		await daemon.start();
		const adminKey = await daemon.adminKey();
		return {
			cluster, daemon, proxy, database, adminKey,
			url: daemon.url,
			admin: daemon.client(adminKey),
			anyone: daemon.client(),
			sql: (text, params, {user} = {}) => cluster.sql(text, params, {user, database}),
			/** Stop them; throws when the daemon did not end cleanly. */
			async stop() {
				try {
					await daemon.stop();
					await checkChanges(cluster, database);
				} finally {
					await end();
				}
				discard(daemon.folder);
			},
		};
	} catch (error) {
		daemon?.process?.signal('SIGKILL');
		await end();
		throw error;
	}
}
