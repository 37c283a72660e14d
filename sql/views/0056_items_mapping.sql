-- Saved mappings as items. See views/0020_items_public.sql for what an item view is.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_mapping;

create view item_mapping with (security_invoker = true) as
select m.id, m.version, 'a' as view, m.removed_at is not null as gone, m.authority_id, m.name, m.created_at, m.updated_at, row_to_json(x)::text as body
  from mapping as m
 cross join lateral (
	select m.id, m.version, utc(m.created_at) as created_at, utc(m.updated_at) as updated_at, m.authority_id, m.name,
	       m.columns, m.presets,
	       json_build_object('self', '/v1/import-mappings/' || m.id, 'authority', '/v1/authorities/' || m.authority_id) as links
       ) as x;
