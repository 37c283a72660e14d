// A lease that goes from one holder to another: what the former wrote is there before the next begins, and nothing of it comes
// later.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {TREE, startMigratedCluster} from '../harness/index.mjs';

const cluster = await startMigratedCluster();
after(() => cluster.end());
const statement = name => fs.readFileSync(path.join(TREE, `sql/queries/${name}.sql`), 'utf8');

/** In a transaction of the daemon's own. */
async function begun(db, name, params) {
	await db.query(`begin; select assetd.actor_set('', '', 'test', '2026-11-21T10:00:00Z', '2026-11-21')`);
	return (await db.query(statement(name), params)).rows;
}

test('W-12: what a sender keeps of its deliveries is kept before another takes over, and not at all after that', async () => {
	await cluster.session(one => cluster.session(async other => {
		await other.query(`set lock_timeout = '200ms'`);
		const [{fence}] = await begun(one, 'lease_take', ['hooks', 'one', 0]); // it ends at once
		await one.query('commit');
		const flush = [fence, '[]', '[]', '[]', '[]'];
		assert.deepEqual(await begun(one, 'hook_flush', flush), [{done: true}]);
		await assert.rejects(begun(other, 'lease_take', ['hooks', 'other', 5]), {code: '55P03'});
		await other.query('rollback');
		await one.query('commit');
		assert.deepEqual(await begun(other, 'lease_take', ['hooks', 'other', 5]), [{fence: fence + 1}]);
		await other.query('commit');
		assert.deepEqual(await begun(one, 'hook_flush', flush), []);
		await one.query('rollback');
	}, {user: 'assetd_worker'}), {user: 'assetd_worker'});
});
