-- Keys as items, but not those that stand behind accounts, which nobody has. See views/0020_items_public.sql for what an item view is.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_key;

-- When it was last used moves no version, so the view names it.
create view item_key with (security_invoker = true) as
select k.id, k.version, 'k' || coalesce(left(md5(x.last_used_at), 8), '') as view, k.revoked_at is not null or p.closed_at is not null as gone,
       k.principal_id, k.name, plain(coalesce(k.name, '') || ' ' || p.name) as search, k.created_at, k.updated_at, row_to_json(x)::text as body
  from api_key as k
  join principal as p on p.id = k.principal_id
 cross join lateral (
	select k.id, k.version, utc(k.created_at) as created_at, utc(k.updated_at) as updated_at, k.principal_id, p.name as principal_name,
	       k.name, k.prefix, k.scopes, utc(k.expires_at) as expires_at, utc(k.last_used_at) as last_used_at,
	       json_build_object('self', '/v1/keys/' || k.id, 'rotate', '/v1/keys/' || k.id || '/rotate', 'history', '/v1/keys/' || k.id || '/history') as links
       ) as x
 where k.prefix not like 'account\_%';
