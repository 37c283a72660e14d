// What row-level security stands on: that it is forced everywhere, that those who log in own
// nothing and bypass nothing, that nothing runs with its owner's rights but what is on the
// list, that tenants cannot be joined by mistake, and that SQL asks no clock.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {TREE, prepareDaemon, startMigratedCluster} from '../harness/index.mjs';

// Each runs as assetd_owner; what it shows or does is in its comment (sql/functions/0010_access.sql).
const DEFINERS = ['account_browsers', 'account_forgotten', 'account_is_beyond', 'account_letter', 'account_letter_begin', 'account_link', 'account_link_use', 'account_out', 'actor_set', 'answer_is_there', 'answer_link_ended', 'answer_show', 'ask_body', 'asset_found', 'asset_found_at',
	'asset_glance', 'asset_render_again', 'asset_rows_at', 'asset_spots', 'body_move', 'boundary_met', 'calibration_counts', 'change_partitions', 'changed_since', 'colleagues', 'cpp_sites_found', 'event_seen', 'event_told', 'extension_ended', 'fact_begin_asset',
	'fact_keep_asset', 'fact_keep_disposal', 'fact_keep_items', 'fact_keep_owners', 'fact_keep_plan', 'fact_keep_request',
	'fact_keep_valuation', 'fact_undo_disposal', 'follow_confirm', 'follow_put', 'forecast_address_lookup', 'import_known', 'key_is_within', 'key_lookup', 'land_is_alone', 'land_met', 'land_overlap_at', 'mail_due',
	'mine_find', 'mine_load', 'mine_send', 'mine_show', 'mine_try',
	'notice_chain_law', 'planned_found', 'planned_near', 'projection_frame_at', 'report_is_kept', 'report_remind',
	'representation_draft_bound', 'request_bar_law', 'request_closing_law', 'request_confirmed_law', 'request_draft_bound', 'request_due_law', 'request_late_law',
	'request_owner_law', 'request_past_put', 'request_state_law', 'request_validation_law', 'session_leave', 'session_lookup', 'sign_in_begin', 'sign_in_end', 'webhook_attempts_prune', 'webhook_public_keys'];

// Foreign keys between tables with an authority each that leave it out, and why.
const ACROSS = {
	community_body: 'national: every authority may deal with every body',
	'land_pair → asset': 'boundaries may meet over two authorities; each asset comes with its own',
	'principal_role → principal': 'one may hold a role on another authority than one\'s home',
	'webhook → principal': 'a webhook may serve another authority than its principal\'s home',
	'follow → principal': 'an officer may be at home elsewhere; what they may read is asked when the letter is sent',
	'mail → follow': 'a follower is no authority\'s',
	'mail → webhook': 'a webhook need not be an authority\'s, nor is its contact',
	'import → principal': 'who imports may be at home elsewhere',
};

let cluster;
const sql = (text, params) => cluster.sql(text, params);

before(async () => {
	cluster = await startMigratedCluster();
});
after(() => cluster?.end());

const names = rows => rows.map(r => Object.values(r).join(' '));

test('row security is enabled and forced on every table and partition', async () => {
	assert.deepEqual(names(await sql(`select relname from pg_class where relnamespace = 'assetd'::regnamespace
		and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)`)), []);
	const [{made}] = await sql(`select assetd.change_partitions('2030-01-01', 2) as made`);
	assert.equal(made, 4, 'a month of changes, one of their money, two days of attempts');
	assert.deepEqual(names(await sql(`select relname from pg_class where relnamespace = 'assetd'::regnamespace
		and relispartition and relkind = 'r' and not (relrowsecurity and relforcerowsecurity)`)), []);
});

test('a partition is reached through its table only', async () => {
	assert.deepEqual(names(await sql(`select c.relname, g.grantee from pg_class as c
		join information_schema.role_table_grants as g on g.table_schema = 'assetd' and g.table_name = c.relname
		where c.relispartition and g.grantee <> 'assetd_owner'`)), []);
});

test('who logs in owns nothing, bypasses nothing and inherits nothing', async () => {
	const roles = await sql(`select rolname, rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin
		from pg_roles where rolname like 'assetd%' order by rolname`);
	assert.deepEqual(roles.map(r => r.rolname), ['assetd_api', 'assetd_owner', 'assetd_worker']);
	for (const r of roles) {
		assert.equal(r.rolcanlogin, r.rolname !== 'assetd_owner', r.rolname);
		assert.ok(!r.rolsuper && !r.rolbypassrls && !r.rolinherit && !r.rolcreaterole && !r.rolcreatedb, r.rolname);
	}
	assert.deepEqual(names(await sql(`select relname from pg_class where relnamespace = 'assetd'::regnamespace
		and relowner <> 'assetd_owner'::regrole`)), []);
	assert.deepEqual(names(await sql(`select proname from pg_proc where pronamespace = 'assetd'::regnamespace
		and proowner <> 'assetd_owner'::regrole`)), []);
	assert.deepEqual(names(await sql(`select m.member::regrole from pg_auth_members as m
		where m.member in ('assetd_api'::regrole, 'assetd_worker'::regrole)`)), []);
	for (const role of ['assetd_api', 'assetd_worker']) {
		const [{may}] = await sql(`select has_schema_privilege($1, 'assetd', 'create')
			or has_schema_privilege($1, 'public', 'create') or has_database_privilege($1, current_database(), 'create') as may`, [role]);
		assert.equal(may, false, `${role} may create`);
	}
});

test('views run with the rights of who asks', async () => {
	assert.deepEqual(names(await sql(`select relname from pg_class where relnamespace = 'assetd'::regnamespace
		and (relkind = 'm' or relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions), false))`)), []);
});

test('only listed functions run with their owner\'s rights, each with a search_path of its own', async () => {
	const definers = await sql(`select proname, proconfig from pg_proc
		where pronamespace = 'assetd'::regnamespace and prosecdef order by proname`);
	assert.deepEqual(definers.map(d => d.proname), DEFINERS);
	for (const d of definers)
		assert.ok(d.proconfig?.some(c => c.replaceAll('"', '') === 'search_path=assetd, pg_temp'), d.proname);
	assert.deepEqual(names(await sql(`select p.proname from pg_proc as p, aclexplode(p.proacl) as a
		where p.pronamespace = 'assetd'::regnamespace and a.grantee = 0`)), [], 'granted to everybody');
	assert.deepEqual(names(await sql(`select p.proname from pg_proc as p, unnest('{assetd_api,assetd_worker}'::text[]) as role
		where p.pronamespace = 'assetd'::regnamespace and p.prosecdef and p.prorettype = 'trigger'::regtype
		  and has_function_privilege(role, p.oid, 'execute')`)), [], 'could be fired by a table of one\'s own');
});

test('foreign keys between tenants carry the authority', async () => {
	const keys = await sql(`
		select c.conrelid::regclass::text as from_table, c.confrelid::regclass::text as to_table,
		       exists (select from unnest(c.conkey, c.confkey) as k (mine, theirs)
				 join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.mine and a.attname = 'authority_id'
				 join pg_attribute as b on b.attrelid = c.confrelid and b.attnum = k.theirs and b.attname = 'authority_id')
			as carries
		  from pg_constraint as c
		 where c.contype = 'f' and c.connamespace = 'assetd'::regnamespace
		   and 2 = (select count(*) from pg_attribute where attname = 'authority_id' and not attisdropped
			     and attrelid in (c.conrelid, c.confrelid))`);
	assert.ok(keys.length > 15);
	const bare = keys.map(k => ({...k, from_table: k.from_table.replace('assetd.', ''), to_table: k.to_table.replace('assetd.', '')}))
		.filter(k => !k.carries && !(k.to_table in ACROSS) && !(`${k.from_table} → ${k.to_table}` in ACROSS))
		.map(k => `${k.from_table} → ${k.to_table}`);
	assert.deepEqual(bare, []);
});

// Tables whose rows are few, or never removed and never given another key.
test('every foreign key has an index to find its rows by', async () => {
	const small = ['cpp_partner_kind', 'request_state', 'projection_run', 'cpp', 'principal', 'api_key'];
	const bare = await sql(`
		select c.conrelid::regclass::text || ' (' || (select string_agg(a.attname, ', ' order by k.n)
			from unnest(c.conkey) with ordinality as k (attnum, n)
			join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.attnum) || ')' as key
		  from pg_constraint as c
		 where c.contype = 'f' and c.connamespace = 'assetd'::regnamespace
		   and not c.confrelid::regclass::text = any ($1)
		   and not exists (select from pg_index as i where i.indrelid = c.conrelid
			and i.indkey[0] = any (c.conkey))`, [small.map(t => `assetd.${t}`)]);
	assert.deepEqual(names(bare), []);
});

test('SQL asks no clock, but of leases, which end by the one that daemons share, and notifies nobody', async () => {
	const clock = /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(|\bcurrent_(date|time|timestamp)\b|\blocaltime(stamp)?\b|'(now|today|tomorrow|yesterday)'|\b(notify|listen|pg_notify)\b/i;
	const found = [];
	for (const folder of ['migrations', 'functions', 'views', 'policies', 'queries', 'data']) {
		for (const file of fs.readdirSync(path.join(TREE, 'sql', folder)).filter(f => f.endsWith('.sql'))) {
			fs.readFileSync(path.join(TREE, 'sql', folder, file), 'utf8').split('\n').forEach((line, i) => {
				if (clock.test(line.replace(/--.*$/, '')))
					found.push(`${folder}/${file}:${i + 1}: ${line.trim()}`);
			});
		}
	}
	assert.deepEqual([...new Set(found.map(line => line.split(':')[0]))], ['queries/lease_take.sql']);
	for (const bad of ['default now()', 'where at < current_date', `select 'today'::date`, 'perform pg_notify($1)'])
		assert.match(bad, clock);
});

test('migrating again changes nothing, and every id and amount has its domain', async () => {
	assert.deepEqual(names(await sql(`select table_name, column_name from information_schema.columns
		where table_schema = 'assetd' and column_name ~ '_pence$' and domain_name is null
		  and table_name in (select relname from pg_class where relkind in ('r', 'p'))`)), []);
	assert.deepEqual(names(await sql(`select table_name, column_name from information_schema.columns
		where table_schema = 'assetd' and column_name ~ '^(authority|asset|cpp|locality|request|principal|webhook|import)_id$'
		  and domain_name is null and table_name in (select relname from pg_class where relkind in ('r', 'p'))`)), []);
	const before = await sql(`select polname, polrelid::regclass::text, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
		from pg_policy order by 1, 2`);
	await prepareDaemon(cluster);
	assert.deepEqual(await sql(`select polname, polrelid::regclass::text, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
		from pg_policy order by 1, 2`), before);
});

test('what a write asks is planned once a connection, and so is what it asks of the land', async () => {
	const statement = name => fs.readFileSync(path.join(TREE, `sql/queries/${name}.sql`), 'utf8').replace(/^--.*$/gm, '').trim();
	await cluster.session(async db => {
		await db.query('set search_path = assetd, public');
		await db.query(`prepare act (text, text, text, timestamptz, date, int, text, bool) as ${statement('actor_set')}`);
		await db.query(`prepare load (text, date, text) as ${statement('request_load')}`);
		for (let i = 0; i < 8; i++) {
			await db.query('begin');
			await db.query(`execute act ('', '', '', now(), current_date, 10000, '', true)`);
			await db.query(`execute load ('atr_none', null, null)`);
			await db.query('commit');
		}
		const {rows: [load]} = await db.query(`select generic_plans::int, custom_plans::int from pg_prepared_statements where name = 'load'`);
		assert.deepEqual(load, {generic_plans: 8, custom_plans: 0});
	}, {user: 'assetd_api'});
	// A function in SQL that reads a table and gives one value is planned at each call, and recursion takes long to plan.
	assert.deepEqual(names(await sql(`select p.oid::regprocedure from pg_proc as p join pg_language as l on l.oid = p.prolang
		where p.pronamespace = 'assetd'::regnamespace and l.lanname = 'sql' and not p.proretset and p.provolatile = 's'
		and p.prosrc ~ 'land_overlap|recursive'`)), []);
});
