// The register of the benches `read` and `latency`: assets of the 32 councils, put straight into
// the tables. History is not what is measured, so of the triggers only the one that renders a new
// item fires.

export const assetId = n => `ast_${String(n).padStart(26, '0')}`;

/* Asset n belongs to council n mod 32. */
const COUNCILS = `create temporary table council on commit drop as
	select (row_number() over (order by a.id) - 1)::int as number, a.id, min(p.cpp_id) as cpp_id
	  from assetd.authority as a join assetd.cpp_partner as p on p.authority_id = a.id
	 where a.kind = 'COUNCIL' group by a.id`;

/** So many assets, each with its council as the owner. */
export async function fillAssets(reg, assets) {
	await reg.sql(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
		set local assetd.now = '2026-11-21T10:00:00Z'; set local assetd.today = '2026-11-21';
		alter table asset enable always trigger write_first;
		${COUNCILS};
		insert into asset (id, authority_id, cpp_id, reference, name, class, tenure, decile, address, postcode, uprn, easting, northing)
		select 'ast_' || lpad(n::text, 26, '0'), c.id, c.cpp_id, 'R' || n, 'Community hall number ' || n, 'HALL', 'OWNED', n % 11,
			(n % 140 + 1) || ' Station Road, Aberdeen', 'AB10 1AB', (100000000 + n)::text, 390000 + n % 9000, 800000 + n % 9000
		  from generate_series(1, ${assets}) as n join council as c on c.number = n % 32;
		insert into asset_owner (asset_id, authority_id, published, owner_id, units)
		select id, authority_id, published, authority_id, 1 from asset;
		alter table asset enable trigger write_first;
		commit`);
	await reg.sql('vacuum analyze assetd.asset, assetd.asset_owner');
}

/** A valuation and a plan to sell for each of them. */
export async function fillPlans(reg) {
	await reg.sql(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
		set local assetd.now = '2026-11-21T10:00:00Z'; set local assetd.today = '2026-11-21';
		create temporary table planned on commit drop as
		select id, authority_id, published, row_number() over (order by id) as n, substr(id, 5) as tail from asset;
		insert into valuation (id, effective_on, authority_id, asset_id, published, basis, valued_on)
		select 'val_' || tail, '2026-04-01', authority_id, id, published, 'MV', '2026-04-01' from planned;
		insert into valuation_money (valuation_id, authority_id, asset_id, published, restricted, amount_pence)
		select 'val_' || tail, authority_id, id, published, true, 5000000 + n * 1009 % 50000000 from planned;
		insert into disposal_plan (id, authority_id, asset_id, published, method, stage, planned_on)
		select 'pln_' || tail, authority_id, id, published, 'SALE', 'MARKETING', date '2027-01-01' + (n % 2000)::int from planned;
		insert into disposal_plan_money (plan_id, authority_id, asset_id)
		select 'pln_' || tail, authority_id, id from planned;
		commit`);
	await reg.sql('vacuum analyze assetd.valuation, assetd.valuation_money, assetd.disposal_plan, assetd.disposal_plan_money');
}

/** Six of seven belong to three bodies: their council, and two others of its partnership. */
export async function fillOwners(reg) {
	await reg.sql(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
		set local assetd.now = '2026-11-21T10:00:00Z'; set local assetd.today = '2026-11-21';
		insert into asset_owner (asset_id, authority_id, published, owner_id, units)
		select a.id, a.authority_id, a.published, other.id, 1
		  from asset as a
		 cross join lateral (select p.authority_id as id from cpp_partner as p where p.cpp_id = a.cpp_id and p.authority_id <> a.authority_id
			order by p.authority_id limit 2) as other
		 where substr(a.id, 5)::bigint % 7 <> 0;
		commit`);
	await reg.sql('vacuum analyze assetd.asset_owner');
}

/**
 * A past for them: partitions of the changes, and the facts, each asset known from a day of 2025 or 2026 on, every fifth changed three
 * times, of which one in ten once had another name.
 */
export async function fillPast(reg) {
	// A day of each month, since what is dropped by the day has a partition for each.
	await reg.sql(`select assetd.change_partitions(d::date, 1) from generate_series(date '2025-01-01', date '2026-12-01', interval '1 month') as d`);
	await reg.sql(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
		set local assetd.now = '2026-11-21T10:00:00Z'; set local assetd.today = '2026-11-21';
		create temporary table version on commit drop as
		select a.id, a.authority_id, v.n, v.n = v.last as is_last, at.day, at.day + interval '10 hours' as moment,
		       lead(at.day) over of_asset as until, lead(at.day) over of_asset + interval '10 hours' as replaced,
		       to_jsonb(a) - '{id,model_id,version,created_at,updated_at,effective_on,search,rendered}'::text[]
			|| case when v.n < v.last then jsonb_build_object('name', case when right(a.id, 6)::int % 50 = 0 then 'Former ' else '' end || a.name)
			else '{}' end as body
		  from asset as a
		 cross join lateral (select g as n, case when right(a.id, 6)::int % 5 = 0 then 3 else 0 end as last
			from generate_series(0, case when right(a.id, 6)::int % 5 = 0 then 3 else 0 end) as g) as v
		 cross join lateral (select date '2025-01-01' + right(a.id, 6)::int * 7919 % 600 + v.n * 20 as day) as at
		window of_asset as (partition by a.id order by v.n);
		insert into fact (authority_id, published, is_money, asset_id, subject, part, valid, known, body)
		select authority_id, true, false, id, id, 'asset', daterange(day, null), tstzrange(moment, replaced), body from version
		union all
		select authority_id, true, false, id, id, 'asset', daterange(day, until), tstzrange(replaced, null), body from version where not is_last
		union all
		select authority_id, true, false, id, id, 'owners', daterange(day, null), tstzrange(moment, null),
		       jsonb_build_object('owners', jsonb_build_array(jsonb_build_object('authority_id', authority_id, 'units', 1)))
		  from version where n = 0;
		insert into change (id, at, authority_id, readers, is_public, type, subject, subject_seq, actor_kind, data)
		select 'evt_' || lpad(row_number() over ()::text, 26, '0'), moment, authority_id, array[authority_id], true,
		       case n when 0 then 'asset.created' else 'asset.updated' end, id, n + 1, 'SYSTEM', '{}' from version;
		commit`);
	await reg.sql('vacuum analyze assetd.fact, assetd.asset, assetd.change');
}
