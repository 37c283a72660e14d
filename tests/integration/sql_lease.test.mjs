// A lease that goes from one holder to another, as where the clocks of two machines are apart: what the former wrote is there
// before the next begins, and nothing of it comes later.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {TREE, startMigratedCluster} from '../harness/index.mjs';

const cluster = await startMigratedCluster();
after(() => cluster.end());
const statement = name => fs.readFileSync(path.join(TREE, `sql/queries/${name}.sql`), 'utf8');

/** In a transaction of the daemon's own, at that second by its clock. */
async function at(db, second, name, params) {
	await db.query('begin');
	await db.query(`select assetd.actor_set('', '', 'test', $1, '2026-11-21')`, [`2026-11-21T10:00:${second}Z`]);
	return (await db.query(statement(name), params)).rows;
}

test('W-12: what a sender keeps of its deliveries is kept before another takes over, and not at all after that', async () => {
	await cluster.session(one => cluster.session(async other => {
		await other.query(`set lock_timeout = '200ms'`);
		const [{fence}] = await at(one, '00', 'lease_take', ['hooks', 'one', 5]);
		await one.query('commit');
		const flush = [fence, '[]', '[]', '[]', '[]'];
		assert.deepEqual(await at(one, '01', 'hook_flush', flush), [{done: true}]);
		await assert.rejects(at(other, '30', 'lease_take', ['hooks', 'other', 5]), {code: '55P03'});
		await other.query('rollback');
		await one.query('commit');
		assert.deepEqual(await at(other, '30', 'lease_take', ['hooks', 'other', 5]), [{fence: fence + 1}]);
		await other.query('commit');
		assert.deepEqual(await at(one, '31', 'hook_flush', flush), []);
		await one.query('rollback');
	}, {user: 'assetd_worker'}), {user: 'assetd_worker'});
});
