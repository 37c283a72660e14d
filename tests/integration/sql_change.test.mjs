// The spine: changes are never rewritten, one subject_seq happens once, who may read what of
// them; references have no gaps; the reference bodies are what the law and the codes say.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startMigratedCluster, until} from '../harness/index.mjs';

const id = (prefix, n) => `${prefix}_${String(n).padStart(26, '0')}`;
const NOW = '2026-11-21T10:00:00Z', TODAY = '2026-11-21';

let cluster;
const sql = (text, params) => cluster.sql(text, params);

/* A transaction of this principal ('' anonymous) as a role of the daemon; undone unless fn commits. */
function as(principal, fn, role = 'assetd_api') {
	return cluster.session(async db => {
		await db.query('begin');
		await db.query(`select assetd.actor_set($1, '', 'test', $2, $3)`, [principal, NOW, TODAY]);
		return fn(db);
	}, {user: role});
}

before(async () => {
	cluster = await startMigratedCluster();
	await cluster.session(db => db.query(`begin; set local search_path = assetd, public;
		select actor_set('', '', 'fixture', '${NOW}', '${TODAY}'), change_partitions('2026-11-20', 3);
		insert into authority (id, name, kind, code) values ('${id('aut', 1)}', 'A', 'COUNCIL', 'A'), ('${id('aut', 2)}', 'B', 'COUNCIL', 'B');
		insert into principal (id, name) select 'prn_' || lpad(n::text, 26, '0'), 'P' from generate_series(1, 3) as n;
		insert into principal_role (principal_id, authority_id, role) values
			('${id('prn', 1)}', '${id('aut', 1)}', 'ESTATES'), ('${id('prn', 1)}', '${id('aut', 1)}', 'FINANCE'),
			('${id('prn', 2)}', '${id('aut', 1)}', 'VIEWER'), ('${id('prn', 3)}', '${id('aut', 2)}', 'FINANCE');
		insert into asset (id, authority_id, published, name, class, tenure) values
			('${id('ast', 1)}', '${id('aut', 1)}', true, 'Hall', 'HALL', 'OWNED'),
			('${id('ast', 2)}', '${id('aut', 1)}', false, 'Hidden', 'HALL', 'OWNED');
		insert into asset_owner (asset_id, authority_id, published, owner_id, units) values
			('${id('ast', 1)}', '${id('aut', 1)}', true, '${id('aut', 1)}', 1), ('${id('ast', 1)}', '${id('aut', 1)}', true, '${id('aut', 2)}', 1),
			('${id('ast', 2)}', '${id('aut', 1)}', false, '${id('aut', 1)}', 1);
		commit`));
});
after(() => cluster?.end());

const put = (db, event, asset, seq, money) => db.query(
	`select change_put($1, 'asset.valued', $2, $3, $4, $2, '{"basis": "MV"}', null, null, $5, null, null, null)`,
	[id('evt', event), id('ast', asset), seq, id('aut', 1), money]);

test('a change is written as who acts, and lands in the partition of its day', async () => {
	await as(id('prn', 1), async db => {
		await put(db, 1, 1, 1, {amount_pence: 100});
		await put(db, 2, 2, 1, {amount_pence: 200});
		await db.query('commit');
	});
	const rows = await sql(`select id, tableoid::regclass::text as part, actor, actor_kind, request, is_public, readers
		from assetd.change where subject like 'ast%' order by id`);
	assert.deepEqual(rows[0], {id: id('evt', 1), part: 'assetd.change_202611', actor: id('prn', 1), actor_kind: 'AUTHORITY',
		request: 'test', is_public: true, readers: [id('aut', 1), id('aut', 2)]});
	assert.deepEqual([rows[1].is_public, rows[1].readers], [false, [id('aut', 1)]]);
	await assert.rejects(as(id('prn', 1), db => db.query(`insert into change (id, authority_id, readers, is_public, type, subject,
		subject_seq, actor, actor_kind, data) values ($1, $2, '{}', true, 'asset.updated', $3, 9, $4, 'AUTHORITY', '{}')`,
		[id('evt', 9), id('aut', 1), id('ast', 1), id('prn', 2)])), {code: '42501'}, 'in the name of somebody else');
});

test('one subject_seq happens once', async () => {
	await assert.rejects(as(id('prn', 1), db => put(db, 3, 1, 1)), {code: '23505'});
});

test('each reader sees the event as it sees the subject', async () => {
	await sql(`insert into assetd.feed (position, change_id, change_at, authority_id, readers, is_public, type, subject, subject_seq)
		select row_number() over (order by id), id, at, authority_id, readers, is_public, type, subject, subject_seq
		  from assetd.change where subject like 'ast%'`);
	const seen = principal => as(principal, async db => (await db.query('select body from item_event order by position'))
		.rows.map(r => JSON.parse(r.body)).map(e => [e.subject, e.actor, e.data]));
	const full = [[id('ast', 1), id('prn', 1), {basis: 'MV', amount_pence: 100}], [id('ast', 2), id('prn', 1), {basis: 'MV', amount_pence: 200}]];
	assert.deepEqual(await seen(id('prn', 1)), full);
	assert.deepEqual(await seen(id('prn', 2)), full.map(([s, a]) => [s, a, {basis: 'MV'}]), 'VIEWER: all but money');
	assert.deepEqual(await seen(id('prn', 3)), full.slice(0, 1), 'FINANCE of a joint owner');
	assert.deepEqual(await seen(''), [[id('ast', 1), 'AUTHORITY', {basis: 'MV'}]], 'everybody');
	// A worker acts for nobody, and then sees all; in somebody's name it sees nothing.
	const sent = principal => as(principal, async db => (await db.query('select change_id from change_money order by 1')).rows.length,
		'assetd_worker');
	assert.deepEqual([await sent(''), await sent(id('prn', 2)), await sent(id('prn', 3))], [2, 0, 0]);
});

test('W-03: history is not rewritten, not even by the owner', async () => {
	for (const statement of ['update change set reason = null', 'delete from change', 'delete from change_202611',
		'truncate change', 'update change_money set data = data', 'delete from feed']) {
		await assert.rejects(cluster.session(async db => {
			await db.query('set search_path = assetd, public');
			await db.query(statement);
		}), {code: '42501'}, statement);
		await assert.rejects(as(id('prn', 1), db => db.query(statement)), {code: '42501'}, statement);
	}
});

test('a write that comes while its month gets a partition waits and lands there', async () => {
	const write = (db, n) => db.query(`select assetd.actor_set($1, '', 'test', '2032-03-01T10:00:00Z', '2032-03-01')`, [id('prn', 1)])
		.then(() => put(db, n, 1, 50));
	await cluster.session(async maker => {
		await maker.query(`begin; select assetd.actor_set('', '', 'test', '2032-03-01T10:00:00Z', '2032-03-01')`);
		await maker.query(`select assetd.change_partitions('2032-03-01', 1)`);
		const written = cluster.session(async db => {
			await db.query('begin');
			await write(db, 77);
			await db.query('commit');
		}, {user: 'assetd_api'});
		await until(async () => (await sql(`select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'`))[0].n > 0,
			{what: 'the writer to wait'});
		await maker.query('commit');
		await written;
	});
	assert.deepEqual(await sql(`select tableoid::regclass::text as part from assetd.change where id = $1`, [id('evt', 77)]),
		[{part: 'assetd.change_203203'}]);
});

test('partitions are made once; a month with rows in the default partition stays there', async () => {
	assert.equal((await sql(`select assetd.change_partitions('2026-11-20', 3) as n`))[0].n, 0);
	await as(id('prn', 1), async db => {
		await db.query(`select actor_set($1, '', 'test', '2031-05-05T23:30:00Z', '2031-05-06')`, [id('prn', 1)]);
		await put(db, 5, 1, 2);
		await db.query('commit');
	});
	assert.equal((await sql(`select assetd.change_partitions('2031-05-04', 3) as n`))[0].n, 4, 'one of money, three of attempts');
	assert.equal((await sql(`select tableoid::regclass::text as t from assetd.change where id = $1`, [id('evt', 5)]))[0].t,
		'assetd.change_default');
	await assert.rejects(as(id('prn', 1), db => db.query(`select change_partitions('2040-01-01', 1)`)), {code: '42501'});
});

test('a month of which an earlier release made days goes on by days, the next is one', async () => {
	await sql(`create table assetd.change_20350630 partition of assetd.change for values from ('2035-06-30Z') to ('2035-07-01Z')`);
	await sql(`select assetd.change_partitions('2035-06-29', 4)`);
	assert.deepEqual((await sql(`select relname from pg_class where relname ~ '^change_2035[0-9]+$' and relkind = 'r' order by 1`))
		.map(r => r.relname), ['change_20350629', 'change_20350630', 'change_203507']);
});

test('references have no gaps, whoever is first and whoever gives up', async () => {
	const kept = [];
	await Promise.all(Array.from({length: 40}, (_, i) => as(id('prn', 1), async db => {
		await db.query(`set local lock_timeout = '20s'`);
		const {rows: [{n}]} = await db.query('select request_reference_next($1, 2026) as n', [id('aut', 1)]);
		await db.query(i % 3 ? 'commit' : 'rollback');
		if (i % 3)
			kept.push(n);
	})));
	assert.deepEqual(kept.sort((a, b) => a - b), Array.from({length: kept.length}, (_, i) => i + 1));
});

test('one transaction, one actor', async () => {
	await assert.rejects(as(id('prn', 1), db => db.query(`select actor_set('', '', 'x', $1, $2)`, [NOW, TODAY])), {code: '25000'});
	const left = await cluster.session(async db => {
		for (let i = 0; i < 50; i++) {
			await db.query('begin');
			await db.query(`select actor_set($1, '', 'x', $2, $3)`, [id('prn', 1), NOW, TODAY]);
			if (i % 2)
				await db.query('select 1 / 0').catch(() => {});
			await db.query(i % 3 ? 'commit' : 'rollback');
		}
		return (await db.query(`select actor_id() is null and clock_at() is null and actor_in('member') = '{}'
			and actor_in('money') = '{}' and not actor_is_operator() as empty`)).rows[0].empty;
	}, {user: 'assetd_api'});
	assert.equal(left, true);
});

test('a key narrows what its principal is shown', async () => {
	await sql(`begin; select assetd.actor_set('', '', 'x', '${NOW}', '${TODAY}');
		insert into assetd.api_key (id, principal_id, prefix, hash, scopes) values
		('${id('key', 1)}', '${id('prn', 1)}', 'akey_test_0001', decode(repeat('01', 32), 'hex'), '{assets:read}'),
		('${id('key', 2)}', '${id('prn', 1)}', 'akey_test_0002', decode(repeat('02', 32), 'hex'), '{assets:read,money:read}'); commit`);
	for (const [key, shown] of [['', 2], [id('key', 1), 0], [id('key', 2), 2], [id('key', 9), 0]]) {
		const n = await cluster.session(async db => {
			await db.query('begin');
			await db.query(`select actor_set($1, $2, 'x', $3, $4)`, [id('prn', 1), key, NOW, TODAY]);
			return (await db.query(`select body from item_event`)).rows.filter(r => 'amount_pence' in JSON.parse(r.body).data).length;
		}, {user: 'assetd_api'});
		assert.equal(n, shown, key);
	}
});

test('the reference bodies are 32 councils, 14 boards and 32 partnerships of both', async () => {
	const bodies = await sql(`select kind, count(*)::int as n, bool_and(code ~ case kind when 'COUNCIL' then '^S12[0-9]{6}$' else '^S08[0-9]{6}$' end)
		as codes, bool_and(id = 'aut_' || lpad(lower(code), 26, '0')) as ids, min(challenge_route) as route,
		bool_and((select array_agg(schedule order by schedule) from assetd.authority_duty as d where d.authority_id = a.id) = '{1,2,3}') as duties
		from assetd.authority as a where code ~ '^S' group by kind order by kind`);
	assert.deepEqual(bodies, [
		{kind: 'COUNCIL', n: 32, codes: true, ids: true, route: 'LA_REVIEW', duties: true},
		{kind: 'HEALTH_BOARD', n: 14, codes: true, ids: true, route: 'MINISTERS_APPEAL', duties: true}]);
	assert.deepEqual(await sql(`select kinds, count(*)::int as n from (select array_agg(p.kind::text order by p.kind) as kinds
		from assetd.cpp as c join assetd.cpp_partner as p on p.cpp_id = c.id group by c.id) as x group by 1`),
		[{kinds: ['HEALTH_BOARD', 'LOCAL_AUTHORITY'], n: 32}]);
	assert.deepEqual(await sql(`select count(distinct p.authority_id)::int as councils, count(distinct b.authority_id)::int as boards
		from assetd.cpp_partner as p join assetd.cpp_partner as b using (cpp_id) where p.kind = 'LOCAL_AUTHORITY' and b.kind = 'HEALTH_BOARD'`),
		[{councils: 32, boards: 14}]);
	assert.deepEqual(await sql(`select count(*)::int as n, bool_and(c.type = 'authority.created' and c.subject_seq = a.version) as told
		from assetd.authority as a join assetd.change as c on c.subject = a.id where a.code ~ '^S'`), [{n: 46, told: true}]);
	assert.deepEqual(await sql(`select count(*)::int as zones, count(distinct rank)::int as ranks, max(rank) as last,
		count(distinct council_code)::int as councils, bool_and(abs(decile - (rank - 0.5) * 10 / 6976 - 0.5) < 0.51) as deciles
		from assetd.data_zone`), [{zones: 6976, ranks: 6976, last: 6976, councils: 32, deciles: true}]);
	assert.deepEqual((await sql(`select count(*)::int as n, count(*) filter (where is_open)::int as open,
		count(*) filter (where bars)::int as bars from assetd.request_state`))[0], {n: 28, open: 20, bars: 13});
});
