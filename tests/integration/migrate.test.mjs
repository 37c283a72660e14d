// assetd migrate and admin-key: from nothing, again, two at once, and what they refuse.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {prepareDaemon, startCluster} from '../harness/index.mjs';

let cluster;
before(async () => { cluster = await startCluster(); });
after(() => cluster.end());

/** A fresh database and a daemon's settings for it, not migrated. */
async function fresh(database) {
	await cluster.createDatabase(database);
	const daemon = await prepareDaemon(cluster, {database, migrate: false});
	const migrate = () => daemon.command('migrate', [], {ok: [0, 1]});
	return {daemon, migrate, sql: (text, params) => cluster.sql(text, params, {database})};
}

test('it makes everything once, and then has nothing to do', async () => {
	const {migrate, sql} = await fresh('once');
	const first = await migrate();
	assert.equal(first.code, 0, first.stderr);
	assert.match(first.stdout, /applied migrations\/0001_foundation\.sql[\s\S]*applied policies\/[\s\S]*up to date/);
	const applied = await sql('select name, sha256 from assetd.migration order by number');
	assert.ok(applied.length >= 9);
	const {count} = (await sql('select count(*)::int from assetd.authority'))[0];
	assert.ok(count >= 46);

	const second = await migrate();
	assert.equal(second.code, 0);
	assert.equal(second.stdout, 'nothing to do\n');
	assert.deepEqual(await sql('select name, sha256 from assetd.migration order by number'), applied);
});

test('two at once do the work of one', async () => {
	const {migrate, sql} = await fresh('twice');
	const both = await Promise.all([migrate(), migrate(), migrate()]);
	assert.deepEqual(both.map(r => r.code), [0, 0, 0], both.map(r => r.stderr).join(''));
	assert.equal(both.filter(r => r.stdout === 'nothing to do\n').length, 2);
	assert.equal((await sql('select count(*) = count(distinct name) as ok from assetd.migration'))[0].ok, true);
});

test('what was changed after it was applied is refused, and named', async () => {
	const {migrate, sql} = await fresh('changed');
	await migrate();
	await sql(`update assetd.migration set sha256 = repeat('0', 64) where name = '0003_people.sql'`);
	const reply = await migrate();
	assert.equal(reply.code, 1);
	assert.match(reply.stderr, /0003_people\.sql has changed since it was applied here .* further migration/);
});

test('a database of a newer program is refused', async () => {
	const {migrate, sql} = await fresh('newer');
	await migrate();
	await sql(`insert into assetd.migration values (9999, '9999_future.sql', repeat('0', 64), now())`);
	const reply = await migrate();
	assert.equal(reply.code, 1);
	assert.match(reply.stderr, /has 9999_future\.sql, which this program does not know/);
});

test('functions, views and policies are put back when they are not what was applied last', async () => {
	const {migrate, sql} = await fresh('again');
	await migrate();
	await sql(`create or replace function assetd.decile_of(zone text) returns int language sql as 'select 99'`);
	await sql(`drop policy "select" on assetd.asset`);
	await sql(`comment on schema assetd is 'assetd 0.0.1, sql of another day'`);
	const reply = await migrate();
	assert.equal(reply.code, 0, reply.stderr);
	assert.doesNotMatch(reply.stdout, /applied migrations/);
	assert.match(reply.stdout, /applied policies/);
	assert.equal((await sql(`select count(*)::int from pg_proc where oid = 'assetd.decile_of'::regproc and prosrc like '%99%'`))[0].count, 0);
	assert.equal((await sql(`select count(*)::int from pg_policies where tablename = 'asset' and policyname = 'select'`))[0].count, 1);
});

test('a file that fails leaves nothing of itself', async () => {
	const {migrate, sql} = await fresh('broken');
	await sql('create schema assetd');
	const reply = await migrate();
	assert.equal(reply.code, 1);
	assert.match(reply.stderr, /0001_foundation\.sql: ERROR/);
	assert.equal((await sql(`select count(*)::int from pg_class where relnamespace = 'assetd'::regnamespace`))[0].count, 0);
});

test('a database that cannot be reached is said so', async () => {
	const daemon = await prepareDaemon(cluster, {database: 'nowhere', migrate: false});
	const reply = await daemon.command('migrate', [], {ok: [0, 1]});
	assert.equal(reply.code, 1);
	assert.match(reply.stderr, /"nowhere" does not exist/);
});

test('admin-key makes one administrator and as many keys as are asked for', async () => {
	const {daemon, migrate, sql} = await fresh('admin');
	await migrate();
	const keys = [await daemon.adminKey(), await daemon.adminKey()];
	for (const key of keys)
		assert.match(key, /^akey_live_[0-9A-Za-z]{49}$/);
	assert.notEqual(keys[0], keys[1]);
	assert.deepEqual(await sql('select name, is_operator, authority_id from assetd.principal'),
		[{name: 'Administrator', is_operator: true, authority_id: null}]);
	assert.deepEqual((await sql('select role from assetd.principal_role where authority_id is null order by role')).map(r => r.role),
		['ADMIN', 'DECIDER', 'ESTATES', 'FINANCE', 'VIEWER']);
	const stored = await sql('select prefix, length(hash) as bytes, scopes from assetd.api_key order by id');
	assert.deepEqual(stored, keys.map(key => ({prefix: key.slice(0, 22), bytes: 32, scopes: ['*']})));
});

test('admin-key without a pepper says which setting', async () => {
	const {daemon} = await fresh('pepper');
	const reply = await daemon.command('admin-key', [], {ok: [0, 1], env: {...daemon.env, ASSETD_AUTH_PEPPER_FILE: '/nowhere'}});
	assert.equal(reply.code, 1);
	assert.match(reply.stderr, /pepper_file/);
});
