-- Accounts as items. See views/0020_items_public.sql for what an item view is.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_account;

-- Without what moves no version: whether a password is set, and until when its link works. Roles at other authorities are those that
-- the reader looks after, so the view names them.
create view item_account with (security_invoker = true) as
select p.id, p.version, 'a' || case when e.elsewhere::text = '[]' then '' else left(md5(e.elsewhere::text), 8) end as view,
       p.closed_at is not null as gone, p.authority_id, p.name, plain(p.name || ' ' || a.email) as search, p.created_at, p.updated_at,
       row_to_json(x)::text as body
  from account as a
  join principal as p on p.id = a.principal_id
 cross join lateral (
	select coalesce(json_agg(json_build_object('authority_id', r.authority_id, 'role', r.role) order by r.authority_id, r.role), '[]') as elsewhere
	  from principal_role as r where r.principal_id = p.id and r.authority_id <> p.authority_id
       ) as e
 cross join lateral (
	select p.id, p.version, utc(p.created_at) as created_at, utc(p.updated_at) as updated_at, p.authority_id, p.name, a.email,
	       (select coalesce(json_agg(r.role order by r.role), '[]') from principal_role as r
		 where r.principal_id = p.id and r.authority_id = p.authority_id) as roles, e.elsewhere,
	       json_build_object('self', '/v1/accounts/' || p.id, 'history', '/v1/accounts/' || p.id || '/history') as links
       ) as x;
