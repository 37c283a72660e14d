-- page_assets: assets by name, with every word found in them, a page after the one named last; hits counts to 1,001.
--   patterns is an array's text, {"%old%","%hall%"}, folded here as what it is compared with.
-- in:  patterns text?, authority_id text?, class text?, lifecycle text?, after_name text?, after_id text?, rows int
-- out: many body text, name text, id text, hits bigint
with found as materialized (
	select id, key as name
	  from asset_found(jsonb_strip_nulls(jsonb_build_object('like', to_jsonb(fold($1)::text[]),
			'authority_id', case when $2 is not null then jsonb_build_array($2) end,
			'class', case when $3 is not null then jsonb_build_array($3) end,
			'lifecycle', case when $4 is not null then jsonb_build_array($4) end)),
		'name', case when $5 is not null then array[$5, $6] end, 1001))
select '{"authority_name":' || to_json(o.name)::text
       || ',"is_requested":' || (exists (select from request as r join request_state as s on s.code = r.state
					  where r.asset_id = a.id and s.is_open))::text
       || ',"class_label":' || coalesce((select to_json(c.label) from asset_class as c where c.code = a.class)::text, 'null')
       || ',"item":' || a.body || '}' as body, a.name, a.id, (select count(*) from found) as hits
  from (select id from found order by name, id limit $7) as f
  join item_asset as a on a.id = f.id
  join authority as o on o.id = a.authority_id
 order by a.name, a.id
