-- Items of a tenant's register. See views/0020_items_public.sql for what an item view is.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_asset, item_asset_live, item_valuation, item_plan, item_disposal;

-- As the tables say now, also within the transaction that writes them (functions/0035_render.sql).
create view item_asset_live with (security_invoker = true) as
select a.id, a.version, 'a' as view, a.removed_at is not null as gone,
       asset_item(a, asset_item_owners(a.id), asset_item_disposal(a.id, a.lifecycle)) as body
  from asset as a;

-- One text is kept for all readers. Whoever may not know of the whole, which the policies of `asset` say, reads of none, and
-- has another ETag, since publishing the whole is no change of its parts.
create view item_asset with (security_invoker = true) as
select p.id, p.version, case when p.part_of is null or exists (select from asset as w where w.id = p.part_of) then 'a' else 'p' end as view,
       p.removed_at is not null as gone, p.authority_id, p.cpp_id, p.locality_id, p.name, p.class, p.lifecycle, p.tenure, p.reference,
       p.uprn, p.part_of, p.published, p.decile, p.data_zone, p.postcode, p.easting, p.northing, p.lat, p.lon, p.search, p.created_at,
       p.updated_at,
       case when p.part_of is null or exists (select from asset as w where w.id = p.part_of) then p.rendered
	    else item_of_no_whole(p.rendered, p.part_of) end as body
  from asset as p;

-- `sees`: FINANCE of the lead authority or of an owner. Row policies let through more (those who
-- write prices); this is what decides who is shown them.
create view item_valuation with (security_invoker = true) as
select v.id, v.version, case when may.sees then 'f' else 'r' end as view, false as gone,
       v.asset_id, v.authority_id, v.basis, v.valued_on, v.effective_on, v.created_at, v.updated_at,
       case when may.sees then row_to_json(full_item) else row_to_json(x) end::text as body
  from valuation as v
 cross join lateral (
	select v.id, v.version, utc(v.created_at) as created_at, utc(v.updated_at) as updated_at, v.asset_id,
	       v.basis, v.valued_on, v.valuer, v.restricted, v.effective_on,
	       json_build_object('self', '/v1/assets/' || v.asset_id || '/valuations/' || v.id,
				 'asset', '/v1/assets/' || v.asset_id) as links,
	       '["amount_pence"]'::json as restricted_fields
       ) as x
 cross join lateral (
	select x.id, x.version, x.created_at, x.updated_at, x.asset_id,
	       (select m.amount_pence from valuation_money as m where m.valuation_id = v.id) as amount_pence,
	       x.basis, x.valued_on, x.valuer, x.restricted, x.effective_on, x.links, '[]'::json as restricted_fields
       ) as full_item
 cross join lateral (
	select not v.restricted
	       or v.authority_id = any ((select actor_in('money'))::text[])
	       or (select actor_everywhere('money'))
	       or exists (select from asset_owner as o where o.asset_id = v.asset_id
			     and o.owner_id = any ((select actor_in('money'))::text[])) as sees
       ) as may;

create view item_plan with (security_invoker = true) as
select p.id, p.version, case when may.sees then 'f' else 'r' end as view, false as gone,
       p.asset_id, p.authority_id, p.method, p.stage, p.planned_on, p.updated_at,
       case when may.sees then row_to_json(full_item) else row_to_json(x) end::text as body
  from disposal_plan as p
 cross join lateral (
	select p.id, p.version, utc(p.created_at) as created_at, utc(p.updated_at) as updated_at, p.asset_id,
	       p.method, p.stage, p.planned_on, p.probability_ppm, p.exemption, p.exemption_dated_on, p.effective_on,
	       json_build_object('self', '/v1/assets/' || p.asset_id || '/disposal-plan',
				 'asset', '/v1/assets/' || p.asset_id) as links,
	       '["agreed_price_pence","cost_fixed_pence","lease"]'::json as restricted_fields
       ) as x
 cross join lateral (
	select x.id, x.version, x.created_at, x.updated_at, x.asset_id, x.method, x.stage, x.planned_on,
	       (select m.agreed_price_pence from disposal_plan_money as m where m.plan_id = p.id) as agreed_price_pence,
	       x.probability_ppm,
	       (select m.cost_fixed_pence from disposal_plan_money as m where m.plan_id = p.id) as cost_fixed_pence,
	       (select m.lease from disposal_plan_money as m where m.plan_id = p.id) as lease,
	       x.exemption, x.exemption_dated_on, x.effective_on, x.links, '[]'::json as restricted_fields
       ) as full_item
 cross join lateral (
	select p.authority_id = any ((select actor_in('money'))::text[])
	       or (select actor_everywhere('money'))
	       or exists (select from asset_owner as o where o.asset_id = p.asset_id
			     and o.owner_id = any ((select actor_in('money'))::text[])) as sees
       ) as may;

create view item_disposal with (security_invoker = true) as
select d.id, d.version, 'a' as view, d.undone_at is not null as gone, d.asset_id, d.authority_id, d.completed_on, d.created_at, d.updated_at, d.undone_at,
       row_to_json(x)::text as body
  from disposal as d
 cross join lateral (
	select d.id, d.version, utc(d.created_at) as created_at, utc(d.updated_at) as updated_at, d.asset_id, d.kind,
	       d.completed_on, d.gross_pence, d.cost_pence, d.recipient as "to", d.exemption, d.exemption_dated_on, d.request_id,
	       json_build_object('self', '/v1/assets/' || d.asset_id || '/disposals/' || d.id,
				 'asset', '/v1/assets/' || d.asset_id) as links
       ) as x;
