// Pages at the size of a country: the plans of a partnership read what they show, whatever else there is, and what is found by index
// with its owner's rights is what the row policies let the reader find by reading all; maps and lists are narrowed
// over an index alone.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {prepared, startMigratedCluster} from '../harness/index.mjs';

const HELD = 6000; // of the partnership
const id = (kind, n) => `${kind}_${String(n).padStart(26, '0')}`;
const made = {};

let cluster;
before(async () => {
	cluster = await startMigratedCluster();
	[made.council, made.board, made.police] = await cluster.sql(`select id from assetd.authority order by id limit 3`).then(rows => rows.map(r => r.id));
	[{id: made.beyond}] = await cluster.sql(`select id from assetd.authority where code = 'S12000033'`);
	[made.cpp, made.next] = await cluster.sql('select id from assetd.cpp order by id limit 2').then(rows => rows.map(r => r.id));
	const ast = n => `('ast_' || lpad((${n})::text, 26, '0'))`;
	await cluster.session(db => db.query(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
		set local assetd.now = '2026-11-21T10:00:00Z'; set local assetd.today = '2026-11-21';
		alter table asset enable always trigger write_first;
		insert into locality (id, name, code, cpp_id, kind) values ('${id('loc', 1)}', 'Town', 'T1', '${made.cpp}', 'LOCALITY');
		-- Nearly all is the council's, 200 metres apart; a tenth the board's, some of it a few metres off or under a common UPRN. Of the
		-- council's beyond, which has as much elsewhere, a little.
		insert into asset (id, authority_id, cpp_id, locality_id, name, class, data_zone, tenure, lifecycle, published, removed_at, uprn, part_of, easting, northing)
		select ${ast('n')}, case when n > ${HELD} or n % 400 = 7 then '${made.beyond}' when n % 10 = 0 then '${made.board}' else '${made.council}' end,
			case when n > ${HELD} then '${made.next}' else '${made.cpp}' end, case when n % 7 = 0 then '${id('loc', 1)}' end,
			-- Words that nearly all have, that a third has, that a quarter has and that come last, and that few have.
			case when n % 4 = 1 then 'Yard ' else '' end || 'Hall ' || n || case when n % 3 = 0 then ' mill' else '' end || case when n % 97 = 0 then ' croft' else '' end,
			case when n % 10 = 4 then 'DEPOT' else 'HALL' end,
			case n % 25 when 4 then (select code from data_zone where council_code = 'S12000036' order by code offset n / 25 % 50 limit 1)
				when 9 then (select max(code) from data_zone where council_code = 'S12000033')
				when 14 then (select min(code) from data_zone where council_code = 'S12000034') end, 'OWNED',
			case when n % 41 = 0 then 'DISPOSED' else 'IN_USE' end, n % 11 <> 0, case when n % 37 = 0 then timestamptz '2026-11-20T10:00:00Z' end,
			case when n % 600 in (50, 51) then (1000 + n / 600)::text end, case when n % 900 = 113 then ${ast('n - 10')} end,
			300000 + m.place % 80 * 200 + case when m.place <> n then 4 else 0 end, 700000 + m.place / 80 * 200
		  from generate_series(1, ${HELD} * 2) as n cross join lateral (select case when n % 500 = 0 then n + 1 else n end as place) as m;
		insert into asset_owner (asset_id, authority_id, published, owner_id, units) select id, authority_id, published, authority_id, 1 from asset;
		insert into asset_owner (asset_id, authority_id, published, owner_id, units)
		select id, authority_id, published, '${made.police}', 1 from asset where substr(id, 5)::int % 300 = 103;
		insert into disposal_plan (id, authority_id, asset_id, published, method, stage, planned_on)
		select 'pln_' || substr(id, 5), authority_id, id, published, case when n % 23 = 0 then 'NONE' else 'SALE' end, 'MARKETING', date '2027-01-01' + n * 37 % 2000
		  from asset cross join lateral (select substr(id, 5)::int as n) as m where n % 5 <> 0;
		insert into community_body (id, name, legal_form) values ('${id('cbo', 1)}', 'Friends of the halls', 'SCIO');
		insert into request (id, authority_id, asset_id, published, community_body_id, kind, reference_year, reference_number, state, state_on, model_state_on, route,
			received_on)
		select 'atr_' || substr(id, 5), authority_id, id, published, '${id('cbo', 1)}', 'OWNERSHIP', 2026, n, case when n % 3 = 0 then 'COMPLETED' else 'VALIDATED' end,
			'2026-10-01', '2026-10-01', 'LA_REVIEW', '2026-10-01'
		  from asset cross join lateral (select substr(id, 5)::int as n) as m where n % 200 in (103, 105, 50);
		insert into land_pair (id, authority_id, foreign_authority_id, asset_id, other_id, state, source, reason, decided_on)
		select 'lpr_' || substr(a.id, 5), a.authority_id, b.authority_id, a.id, b.id, 'CONFIRMED', 'OFFICER', 'Seen there', '2026-10-01'
		  from asset as a join asset as b on substr(b.id, 5)::int = substr(a.id, 5)::int + 1
		 where substr(a.id, 5)::int % 1000 = 709 and a.authority_id <> b.authority_id;
		alter table asset enable trigger write_first; commit`));
	await cluster.sql('vacuum analyze');
});
after(() => cluster?.end());

/* fn({rows of a statement}) as somebody who is a member of these, under the row policies. */
const as = (member, fn) => cluster.session(async db => {
	await db.query(`set search_path = assetd, public; set track_functions = 'pl'; begin; select actor_set('', '', 'test', '2026-11-22T10:00:00Z', '2026-11-22'); set local role assetd_api`);
	await db.query(`select set_config('assetd.member', '${member}', true)`);
	return fn(async (text, params) => (await db.query(text, params)).rows);
});
const readers = () => ['{}', `{${made.council}}`, `{${made.police}}`, '{*}'];

test('the plans that come next are those that the policies show, in order', async () => {
	const none = {from: null, until: null, authority: null, locality: null, after_on: null, after_id: null, take: 40};
	const asked = [{}, {from: '2027-04-01', until: '2028-03-31'}, {authority: made.council}, {authority: made.board}, {authority: made.police}, {authority: made.beyond},
		{locality: id('loc', 1)}, {locality: id('loc', 1), authority: made.board}, {after_on: '2029-01-15', after_id: id('ast', 3000)},
		{after_on: '2032-06-01', after_id: id('ast', 1), take: 200}, {after_id: id('ast', 2000), take: 200}, {from: '2029-01-01', until: '2029-03-31', take: 100}];
	let most = 0;
	for (const member of readers()) {
		await as(member, async rows => {
			for (const one of asked) {
				const q = {...none, ...one}, given = [made.cpp, q.from, q.until, q.authority, q.locality, q.after_on, q.after_id, q.take];
				const found = await rows('select id from planned_found($1, $2, $3, $4, $5, $6, $7, $8)', given);
				const ruled = await rows(`select p.id from planned_asset as p
					 where p.cpp_id = $1 and ($2::date is null or p.planned_on between $2 and $3)
					   and ($4::text is null or p.authority_id = $4 or exists (select from asset_owner as o where o.asset_id = p.id and o.owner_id = $4))
					   and ($5::text is null or p.locality_id = $5) and ($7::text is null or (p.sort_on, p.id::text) > (coalesce($6, 'infinity'::date), $7))
					 order by p.sort_on, p.id limit $8`, given);
				assert.deepEqual(found.map(r => r.id), ruled.map(r => r.id), `${JSON.stringify(one)} to ${member}`);
				most = Math.max(most, found.length);
			}
		});
	}
	assert.equal(most, 100);
});

/* What is planned beside an asset, by reading all that is planned. */
const BESIDE = `
	with apart as (
		select x.id, point(x.easting, x.northing) <-> point(p.easting, p.northing) as apart,
		       case when x.part_of = p.id or p.part_of = x.id then 'PART' when x.uprn = p.uprn then 'UPRN'
			    when exists (select from land_pair as q where q.state = 'CONFIRMED' and q.asset_id = least(x.id::text, p.id) and q.other_id = greatest(x.id::text, p.id))
			    then 'PAIR' when point(x.easting, x.northing) <-> point(p.easting, p.northing) <= 10 then 'PLACE' end as same_site
		  from planned_asset as x join asset as p on p.id = $1 and p.removed_at is null and p.lifecycle <> 'DISPOSED' and x.id <> p.id
	)
	select id, same_site from apart where same_site is not null or apart <= $2 order by same_site is null, apart nulls first, id limit 20`;

test('what is planned beside one is what the policies show of it, its site first, then the nearest', async () => {
	const sites = new Set();
	for (const member of readers()) {
		await as(member, async rows => {
			for (const n of [100, 499, 500, 5999, 37, 82, 51, 650, 103, 113, 2709, 2710]) {
				for (const metres of [10, 250, 900]) {
					const found = await rows('select id, same_site from planned_near(array[$1], $2)', [id('ast', n), metres]);
					assert.deepEqual(found, await rows(BESIDE, [id('ast', n), metres]), `${n} within ${metres} m, to ${member}`);
					found.forEach(b => sites.add(b.same_site));
				}
			}
		});
	}
	assert.deepEqual([...sites].sort(), ['PAIR', 'PART', 'PLACE', 'UPRN', null]);
});

/* Every site of a partnership with several bodies, by reading all of its land. */
const SITES = `
	with held as materialized (
		select a.id::text, a.uprn::text, coalesce(a.part_of, a.id)::text as whole, a.authority_id::text, a.easting, a.northing
		  from asset as a where a.cpp_id = $1 and a.removed_at is null and a.lifecycle <> 'DISPOSED'
	), member (same_site, site, id) as (
		select 'UPRN', h.uprn, h.id from held as h where h.uprn is not null
		union select 'PART', h.whole, h.id from held as h
		union select 'OWNERS', h.id, h.id from held as h
		union select 'PAIR', q.asset_id || '/' || q.other_id, unnest(array[q.asset_id::text, q.other_id::text])
		  from land_pair as q join held as h on h.id = q.asset_id join held as k on k.id = q.other_id where q.state = 'CONFIRMED'
		union select 'PLACE', h.id, unnest(array[h.id, k.id]) from held as h join held as k on k.id > h.id and k.northing = h.northing
		   and k.authority_id <> h.authority_id and abs(k.easting - h.easting) <= 10
	), whose as (
		select h.id, h.authority_id as body from held as h union select o.asset_id, o.owner_id from asset_owner as o
	), site as (
		select m.same_site, array_agg(distinct m.id order by m.id) as ids, array_agg(distinct w.body order by w.body) as bodies
		  from member as m join whose as w using (id) group by m.same_site, m.site having count(distinct w.body) > 1
	), once as (
		select distinct on (ids) same_site, ids, bodies, exists (select from request as r join request_state as t on t.code = r.state and t.is_open
			where r.asset_id = any (ids)) as is_asked
		  from site order by ids, array_position(array['OWNERS', 'PART', 'UPRN', 'PAIR', 'PLACE'], same_site)
	)
	select * from once order by is_asked desc, ids limit 50`;

test('sites of several bodies are those that the policies show', async () => {
	const kinds = new Set();
	for (const member of readers()) {
		await as(member, async rows => {
			for (const cpp of [made.cpp, made.next]) {
				const found = await rows('select * from cpp_sites_found($1)', [cpp]);
				assert.deepEqual(found, await rows(SITES, [cpp]), member);
				found.forEach(s => kinds.add(s.same_site));
			}
		});
	}
	assert.deepEqual([...kinds].sort(), ['OWNERS', 'PAIR', 'PART', 'PLACE', 'UPRN']);
});

test('a page reads what it shows, however much there is', async () => {
	const read = await as('{}', async rows => {
		const count = async () => (await rows(`select sum(seq_tup_read + idx_tup_fetch)::int as n from pg_stat_xact_user_tables
			where relname in ('asset', 'disposal_plan', 'land_pair')`))[0].n;
		await rows(prepared('cpp_plans'));
		const ask = () => rows(`execute cpp_plans ('${made.cpp}', null, null, null, null, 250, null, null, 101)`);
		for (let i = 0; i < 7; i++) // by when PostgreSQL has settled on a plan
			await ask();
		const before = await count(), [{body}] = await ask(), {items, sites} = JSON.parse(body);
		const [{calls}] = await rows(`select calls::int from pg_stat_xact_user_functions where funcname = 'planned_near'`);
		assert.equal(calls, 8, 'what lies beside them is asked for once a page');
		assert.ok(items.length === 101 && sites.length > 20 && items.some(i => i.beside.length > 3));
		return await count() - before;
	});
	assert.ok(read < HELD, `${read} were read`);
});

/* What is read of assets by fn(): entries of which indexes, and rows. */
async function readOf(rows, fn) {
	const count = async () => (await rows(`select indexrelname as index, pg_stat_get_xact_tuples_returned(indexrelid)::int as n from pg_stat_user_indexes
		where relname = 'asset'`)).map(r => [r.index, r.n]);
	const fetched = async () => (await rows(`select (seq_tup_read + idx_tup_fetch)::int as n from pg_stat_xact_user_tables where relname = 'asset'`))[0].n;
	const [before, rowsBefore] = [Object.fromEntries(await count()), await fetched()];
	const got = await fn();
	const entries = Object.fromEntries((await count()).map(([index, n]) => [index, n - before[index]]).filter(([, n]) => n));
	return {got, entries, all: Object.values(entries).reduce((sum, n) => sum + n, 0), rows: await fetched() - rowsBefore};
}

test('a narrowed map is counted in one walk, over an index alone but for what is hidden', async () => {
	const [{hidden}] = await cluster.sql('select count(*)::int as hidden from assetd.asset where removed_at is null and not published');
	for (const filter of ['{}', '{"class": ["HALL"]}', '{"lifecycle": ["IN_USE"], "tenure": ["OWNED"]}', '{"decile": ["0"]}']) {
		const {placed, walks, read} = await as('{}', async rows => {
			const [{n}] = await rows('select asset_glance($1, 2000, 400) as n', [filter]);
			return {placed: n.map.placed, ...(await rows(`select idx_scan::int as walks, (seq_tup_read + idx_tup_fetch)::int as read
				from pg_stat_xact_user_tables where relname = 'asset'`))[0]};
		});
		assert.ok(placed > HELD / 2, filter);
		assert.equal(walks, 2, `${filter}: what is published, and what the reader sees besides`);
		assert.ok(read <= hidden && hidden < HELD / 5, `${filter}: ${read} were read`);
	}
});

test('the map of a kind, or of a council that holds little, looks at that land alone', async () => {
	const [{hidden}] = await cluster.sql('select count(*)::int as hidden from assetd.asset where removed_at is null and not published');
	for (const filter of ['{"class": ["DEPOT"]}', '{"council": ["S12000036"]}', '{"council": ["S12000036", "S12000034"], "class": ["DEPOT"]}']) {
		await as('{}', async rows => {
			const {got: [{n}], all, rows: read} = await readOf(rows, () => rows('select asset_glance($1, 2000, 400) as n', [filter]));
			assert.ok(n.tally.total > 20 && n.tally.total < HELD / 4, `${filter} keeps ${n.tally.total}`);
			assert.ok(all - hidden <= n.tally.total + 1000 && all < HELD, `${filter}: ${all} entries, of ${n.tally.total} that are kept`);
			assert.ok(read <= hidden, `${filter}: ${read} rows`);
		});
	}
});

/* What a map of these counts, by reading what the policies show. $1 council codes, $2 classes, $3 authorities: null for any. */
const GLANCE = `
	with kept as materialized (
		select x.*, z.council_code, u.code, u.kind from asset as x join authority as u on u.id = x.authority_id left join data_zone as z on z.code = x.data_zone
		 where x.removed_at is null and ($1::text[] is null or z.council_code = any ($1) or u.kind = 'COUNCIL' and u.code = any ($1))
		   and ($2::text[] is null or x.class = any ($2)) and ($3::text[] is null or x.authority_id = any ($3)))
	select (select count(*)::int from kept) as total, (select count(easting)::int from kept) as placed,
	       (select json_object_agg(authority_id, n) from (select authority_id, count(*) as n from kept group by 1) as b) as bodies,
	       (select json_object_agg(code, n) from (select c.code, count(*) as n from kept as k
			cross join lateral (select k.council_code union select k.code where k.kind = 'COUNCIL') as c (code) where c.code is not null group by 1) as a) as areas,
	       (select json_agg(json_build_array(x, y, n) order by y desc, x) from (select easting / $4 as x, northing / $4 as y, count(*) as n from kept
			where easting is not null group by 1, 2) as s) as squares`;

test('a map counts what the policies show, in squares as small as there may be', async () => {
	const sides = new Set();
	for (const member of ['{}', `{${made.council}}`]) {
		await as(member, async rows => {
			for (const [council, kind, authority] of [[null, null, null], [['S12000036']], [['S12000033']], [['S12000034', 'S12000033', 'S12000027']], [['S12000027']],
				[['S12000036'], ['DEPOT']], [null, ['DEPOT', 'OFFICE']], [['S12000036'], null, [made.board]], [null, ['HALL'], [made.beyond]], [['S12000033'], ['HALL']]]) {
				for (const most of [4, 100]) {
					const filter = JSON.stringify({...council && {council}, ...kind && {class: kind}, ...authority && {authority_id: authority}});
					const [{n: {tally, map}}] = await rows('select asset_glance($1, 500, $2) as n', [filter, most]);
					const count = async side => (await rows(GLANCE, [council, kind ?? null, authority ?? null, side]))[0];
					const ruled = await count(map.side), what = `${filter} in ${most}, to ${member}`;
					assert.deepEqual([tally.total, map.placed], [ruled.total, ruled.placed], what);
					assert.deepEqual(Object.fromEntries(tally.bodies.map(b => [b.id, b.assets_count])), ruled.bodies ?? {}, what);
					assert.deepEqual(Object.fromEntries(tally.areas.map(a => [a.code, a.assets_count])), ruled.areas ?? {}, what);
					assert.deepEqual(map.squares, ruled.squares ?? [], what);
					assert.ok(map.squares.length <= most, what);
					assert.ok(map.side === 500 || (await count(map.side / 2)).squares.length > most, `${what}: ${map.side} m are wider than need be`);
					sides.add(map.side);
				}
			}
		});
	}
	assert.ok(sides.size > 3, [...sides].join());
});

test('words are found as the policies show them, in order, whether most have them, a few, or those that come last', async () => {
	const plain = {name: 'name, id', '-name': 'name desc, id', id: 'id', '-id': 'id desc'};
	const counts = {};
	for (const member of ['{}', `{${made.council}}`]) {
		await as(member, async rows => {
			for (const word of ['hall', 'mill', 'yard', 'croft', 'yard croft', '12', 'nowhere']) {
				for (const sort of Object.keys(plain)) {
					const all = await rows(`select id, name from asset where removed_at is null and search || '' like all ((select word_patterns($1))::text[])
						order by ${plain[sort]}`, [word]);
					for (const [most, after] of [[25, 700], [101, null], [1001, null], [6000, null], [1001, 300]]) {
						const from = after === null || all.length <= after ? null : all[after];
						const found = await rows('select id from asset_found($1, $2, $3, $4)', [JSON.stringify({q: [word]}), sort,
							from && [sort.endsWith('id') ? from.id : from.name, from.id], most]);
						const ruled = all.slice(from ? after + 1 : 0).slice(0, most);
						assert.deepEqual(found.map(r => r.id), ruled.map(r => r.id), `${word} by ${sort}, ${most} after ${after}, to ${member}`);
						counts[word] = all.length;
					}
				}
			}
		});
	}
	assert.ok(counts.hall > HELD && counts.mill > HELD / 4 && counts.yard > HELD / 4 && counts.croft > 50 && counts['yard croft'] > 10 && !counts.nowhere, JSON.stringify(counts));
});

test('a word that many have is found by reading as many as are asked for', async () => {
	for (const [word, share] of [['hall', 1], ['mill', 1 / 3]]) {
		for (const most of [101, 1001]) {
			await as('{}', async rows => {
				const ask = () => rows(`select from asset_found($1, 'name', null, $2)`, [JSON.stringify({q: [word]}), most]);
				const {got, entries, rows: read} = await readOf(rows, ask);
				assert.equal(got.length, most, word);
				assert.equal(entries.asset_search, undefined, `${word}: the index of words, which would name them all`);
				assert.ok(read < most / share * 1.5 + 600, `${word}, ${most}: ${read} rows`);
			});
		}
	}
	await as('{}', async rows => {
		const {got, entries, rows: read} = await readOf(rows, () => rows(`select from asset_found('{"q": ["croft"]}', 'name', null, 1001)`));
		assert.ok(got.length > 50 && entries.asset_search >= got.length && read < 1000, `${got.length} of few: ${read} rows, ${JSON.stringify(entries)}`);
	});
});

/* What a statement says of the nodes of its plan, when PostgreSQL has settled on one. */
async function nodes(rows, name, given) {
	await rows(prepared(name));
	for (let i = 0; i < 7; i++)
		await rows(`execute ${name} (${given})`);
	const [{'QUERY PLAN': [{Plan: plan}]}] = await rows(`explain (analyze, format json) execute ${name} (${given})`), all = [];
	const walk = node => {
		all.push(node);
		node.Plans?.forEach(walk);
	};
	walk(plan);
	return all;
}

test('the name of a kind is looked for once a row of a list', async () => {
	await as('{}', async rows => {
		const kinds = (await nodes(rows, 'page_assets', `'{}', 'name', null, null, 26, null, null`)).filter(n => n['Relation Name'] === 'asset_class');
		assert.ok(kinds.length && kinds.every(n => (n['Actual Rows'] + (n['Rows Removed by Filter'] ?? 0)) * n['Actual Loops'] <= 100), JSON.stringify(kinds));
	});
});

test('no function in SQL, which would be planned anew, is asked for the plans of a partnership', async () => {
	await as('{}', async rows => {
		await rows(`reset role; set local track_functions = 'all'; set local role assetd_api`);
		const calls = async () => Object.fromEntries((await rows(`select f.funcname, f.calls::int from pg_stat_xact_user_functions as f
			join pg_proc as p on p.oid = f.funcid join pg_language as l on l.oid = p.prolang where l.lanname = 'sql'`)).map(r => [r.funcname, r.calls]));
		const given = `'${made.cpp}', null, null, null, null, 250, null, null, 101`;
		await nodes(rows, 'cpp_plans', given);
		const before = await calls();
		await rows(`execute cpp_plans (${given})`);
		assert.deepEqual(await calls(), before);
	});
});

test('a narrowed list by name is found over an index alone', async () => {
	for (const filter of ['{}', '{"class": ["HALL"], "lifecycle": ["IN_USE"]}', '{"decile": ["0"]}']) {
		const {found, read} = await as('{}', async rows => {
			const {length: found} = await rows(`select from asset_found($1, 'name', null, 300)`, [filter]);
			return {found, ...(await rows(`select (seq_tup_read + idx_tup_fetch)::int as read from pg_stat_xact_user_tables where relname = 'asset'`))[0]};
		});
		assert.deepEqual([found, read], [300, 0], filter);
	}
});
