// What the feed asks in every tick, and a page of it for whoever reads it, must cost the same however much was told before and
// waits to be read, and however old the tables' statistics are: probes of indexes, never a read of the whole.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {prepared, startMigratedCluster} from '../harness/index.mjs';

const TOLD = 20_000;

let cluster;
before(async () => {
	cluster = await startMigratedCluster();
	await cluster.session(db => db.query(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
		select change_partitions('2026-11-21', 8);
		insert into change (id, xid, at, readers, is_public, type, subject, subject_seq, actor_kind, data)
		select 'evt_' || lpad(n::text, 26, '0'), (n / 40)::text::xid8, '2026-11-22T10:00:00Z', '{}', true, 'asset.updated',
		       'ast_' || lpad((n % 100)::text, 26, '0'), n, 'SYSTEM', '{}' from generate_series(1, ${TOLD}) as n;
		insert into feed (position, change_id, change_at, readers, is_public, type, subject, subject_seq)
		select row_number() over (order by id), id, at, readers, is_public, type, subject, subject_seq from change;
		insert into lease (name, holder, fence, until) select n, 'test', 1, 'infinity' from unnest('{feed,hooks,mail}'::text[]) as n;
		insert into webhook_retry (webhook_id, change_id, change_at, position, subject, attempts, due_at, due_from)
		select 'whk_' || repeat('0', 26), id, at, 1, subject, 1, case n % 2 when 1 then 'infinity' else at + interval '1 day' end, at - interval '1 day'
		  from (select *, row_number() over (order by id) as n from change where at = '2026-11-22T10:00:00Z') as c;
		insert into mail (id, created_at, authority_id, kind, state, due_at, due_from, ended_at)
		select 'mal_' || lpad(n::text, 26, '0'), '2026-11-21T10:00:00Z', 'aut_' || repeat('0', 26), 'CONFIRM', case n % 2 when 1 then 'SENT' else 'WAITING' end,
		       '2026-11-23T10:00:00Z', '2026-11-21T10:00:00Z', case n % 2 when 1 then timestamptz '2026-11-21T10:00:00Z' end from generate_series(1, ${TOLD}) as n;
		update feed_state set position = ${TOLD}; commit`));
});
after(() => cluster?.end());

/* Of a plan, each node and the rows that it takes out of a table or hands on. */
function nodes(rows) {
	const found = [];
	const walk = node => {
		found.push({what: `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name'] ?? ''}`,
			rows: (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']});
		node.Plans?.forEach(walk);
	};
	walk(rows[0]['QUERY PLAN'][0].Plan);
	return found;
}

/* Rows that a tick with the worker's own settings takes out of a table, by node; it finds nothing new. */
function tick(held) {
	return cluster.session(async db => {
		await db.query(prepared('feed_tick'));
		await db.query(`begin; select actor_set('', '', 'test', '2026-11-22T10:00:00Z', '2026-11-22')`);
		const {rows} = await db.query(`explain (analyze, format json)
			execute feed_tick (1, '${TOLD / 40 - 1}', '2026-11-20T10:00:00Z', '${held}', 4000, false)`);
		await db.query('rollback');
		return nodes(rows);
	}, {user: 'assetd_worker'});
}

for (const [name, statistics] of [['never', 'select'], ['now', 'analyze assetd.change, assetd.feed']]) {
	test(`a tick reads what is new, statistics taken ${name}`, async () => {
		await cluster.sql(statistics);
		for (const held of ['{}', `{${`evt_${String(5).padStart(26, '0')}`}}`])
			assert.deepEqual((await tick(held)).filter(node => node.rows > 100), [], held);
	});
}

/* A statement for the eighth time, by when PostgreSQL has settled on a plan → its rows, and how many of the feed and of changes it read. */
const settled = (setup, statement) => cluster.session(async db => {
	const read = async () => (await db.query(`select sum(seq_tup_read + idx_tup_fetch)::int as n from pg_stat_xact_user_tables
		where relname ~ '^(feed|change_[0-9].*)$'`)).rows[0].n;
	await db.query(setup);
	for (let i = 0; i < 7; i++)
		await db.query(statement);
	const before = await read(), {rows} = await db.query(statement);
	return {rows, read: await read() - before};
});

async function page(name, given, who) {
	const {rows, read} = await settled(`set search_path = assetd, public; ${prepared(name)}; begin; set local role assetd_api;
		select set_config('assetd.member', '${who}', true)`, `execute ${name} (${given})`);
	return {rows: rows.length, position: Number(rows.at(-1).position), read};
}

for (const [name, statistics] of [['never', 'truncate pg_statistic'], ['now', 'analyze assetd.change, assetd.feed']]) {
	test(`a page reads what it holds, statistics taken ${name}`, async () => {
		await cluster.session(db => db.query(`set allow_system_table_mods = on; ${statistics}`));
		for (const [query, given] of [['event_page', `'{}', null, 50`], ['hook_page', `${TOLD}, 'FULL', 50, false`]]) {
			for (const after of [0, 3000, TOLD - 2000])
				assert.deepEqual(await page(query, `${after}, ${given}`, '{*}'), {rows: 50, position: after + 50, read: 100}, `${query} after ${after}`);
		}
		const one = await page('event_page', `0, '{}', 'ast_${String(7).padStart(26, '0')}', 50`, '{*}');
		assert.deepEqual([one.rows, one.position], [50, 4907]);
		assert.ok(one.read <= 400, `of one subject ${one.read} were read`);
	});
}

for (const [name, statistics] of [['never', 'truncate pg_statistic'], ['now', 'analyze assetd.change, assetd.feed']]) {
	test(`who waits for an event reads its transaction alone, statistics taken ${name}`, async () => {
		await cluster.session(db => db.query(`set allow_system_table_mods = on; ${statistics}`));
		const ask = what => settled('set search_path = assetd, public; begin; set local role assetd_api',
			`select ${what}('evt_${String(4007).padStart(26, '0')}')::text as is_told`);
		const told = await ask('event_told'), seen = await ask('event_seen');
		assert.deepEqual([told.rows, seen.rows], [[{is_told: '4039'}], [{is_told: 'true'}]]);
		// The event, where it stands in the feed, and forty of its transaction with theirs.
		assert.ok(told.read <= 90 && seen.read <= 90, `${told.read} and ${seen.read} were read`);
	});
}

for (const [name, statistics] of [['never', 'truncate pg_statistic'], ['now', 'analyze assetd.webhook_retry, assetd.mail']]) {
	test(`whether the clock was set back is asked of an index, statistics taken ${name}`, async () => {
		await cluster.session(db => db.query(`set allow_system_table_mods = on; ${statistics}`));
		for (const [query, table] of [['hook_set_back', 'webhook_retry'], ['mail_set_back', 'mail']]) {
			const {read, back} = await cluster.session(async db => {
				const count = async () => (await db.query(`select (seq_tup_read + idx_tup_fetch)::int as n from pg_stat_xact_user_tables where relname = '${table}'`)).rows[0].n;
				await db.query(prepared(query));
				await db.query(`begin; select actor_set('', '', 'test', '2026-11-22T10:00:00Z', '2026-11-22')`);
				const before = await count();
				await db.query(`execute ${query} (1)`);
				const read = await count() - before;
				await db.query(`rollback; begin; select actor_set('', '', 'test', '2026-11-20T10:00:00Z', '2026-11-20')`);
				const {rowCount: back} = await db.query(`execute ${query} (1)`);
				await db.query('rollback');
				return {read, back};
			}, {user: 'assetd_worker'});
			assert.deepEqual([read, back], [0, TOLD / 2], query);
		}
	});
}

test('the worker plans a statement once', async () => {
	const mode = await cluster.session(async db => (await db.query('show plan_cache_mode')).rows[0].plan_cache_mode, {user: 'assetd_worker'});
	assert.equal(mode, 'force_generic_plan');
});

// Last: it empties the tables. A burst on a register that has just begun must not leave the feed behind for ever.
test('a tick that was planned while nothing had happened takes each new change for itself, however much its subject was told of', async () => {
	const NEW = 400, SUBJECTS = 4;
	await cluster.session(db => db.query('set allow_system_table_mods = on; set session_replication_role = replica; truncate pg_statistic; truncate assetd.feed, assetd.change cascade'));
	await cluster.session(async db => {
		await db.query(prepared('feed_tick'));
		const begin = `begin; select actor_set('', '', 'test', '2026-11-22T10:00:00Z', '2026-11-22')`;
		const given = `(1, '0', '2026-11-20T10:00:00Z', '{}', 4000, false)`;
		await db.query(`${begin}; execute feed_tick ${given}; rollback`);
		await cluster.session(other => other.query(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
			insert into change (id, xid, at, readers, is_public, type, subject, subject_seq, actor_kind, data)
			select 'evt_' || lpad(n::text, 26, '0'), (n / 40)::text::xid8, '2026-11-22T10:00:00Z', '{}', true, 'asset.updated',
			       'ast_' || lpad((n % ${SUBJECTS})::text, 26, '0'), (n + ${SUBJECTS - 1}) / ${SUBJECTS}, 'SYSTEM', '{}' from generate_series(1, ${TOLD + NEW}) as n;
			insert into feed (position, change_id, change_at, readers, is_public, type, subject, subject_seq)
			select row_number() over (order by id), id, at, readers, is_public, type, subject, subject_seq from change order by id limit ${TOLD};
			commit`));
		await db.query(begin);
		const from = given.replace("'0'", `'${TOLD / 40}'`);
		const {rows: [{given: told}]} = await db.query(`savepoint a; execute feed_tick ${from}; rollback to a`).then(all => all[1]);
		const {rows} = await db.query(`explain (analyze, format json) execute feed_tick ${from}`);
		await db.query('rollback');
		const read = nodes(rows).filter(node => /(feed|change)_/.test(node.what));
		assert.equal(told, NEW);
		assert.deepEqual(read.filter(node => node.rows > 2 * NEW), [], 'what was told long ago is read again');
	}, {user: 'assetd_worker'});
});
