-- Pairs of assets as items. See views/0020_items_public.sql for what an item view is.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_pair;

create view item_pair with (security_invoker = true) as
select p.id, p.version, 'a' as view, false as gone, p.authority_id, p.other_authority_id, p.asset_id, p.other_id, p.state, p.source,
       p.created_at, p.updated_at, row_to_json(x)::text as body
  from land_pair as p
 cross join lateral (
	select p.id, p.version, utc(p.created_at) as created_at, utc(p.updated_at) as updated_at, p.authority_id,
	       p.asset_id, (select a.name from asset as a where a.id = p.asset_id) as asset_name,
	       p.other_authority_id, p.other_id, (select a.name from asset as a where a.id = p.other_id) as other_name,
	       p.state, p.source, p.reason, p.decided_on, p.was_rejected,
	       json_build_object('self', '/v1/land-pairs/' || p.id, 'asset', '/v1/assets/' || p.asset_id, 'other', '/v1/assets/' || p.other_id) as links
       ) as x;
