-- Addresses of the forecast as items. See views/0020_items_public.sql for what an item view is.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_forecast_address;

-- Without when it was last used, which moves no version.
create view item_forecast_address with (security_invoker = true) as
select a.id, a.version, 'a' as view, a.revoked_at is not null as gone, a.name, a.created_at, a.updated_at, row_to_json(x)::text as body
  from forecast_address as a
 cross join lateral (
	select a.id, a.version, utc(a.created_at) as created_at, utc(a.updated_at) as updated_at, a.principal_id, a.name,
	       a.question, utc(a.expires_at) as expires_at,
	       json_build_object('self', '/v1/projections/addresses/' || a.id) as links
       ) as x;
