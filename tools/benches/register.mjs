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
