-- page_assets: assets by name, with every word found in them, a page after the one named last; hits counts to 1,001.
--   patterns is an array's text, {"%old%","%hall%"}, folded here as what it is compared with.
-- in:  patterns text?, authority_id text?, class text?, lifecycle text?, after_name text?, after_id text?, rows int
-- out: many body text, name text, id text, hits bigint
with wanted as materialized (
	select case when $1 is not null then asset_found(fold($1)::text[], null, 2001) end as ids),
found as materialized (
	(select a.id, a.name
	   from asset as a
	  where a.id = any ((select ids from wanted where cardinality(ids) <= 2000)::text[])
	    and ($2 is null or a.authority_id = $2)
	    and ($3 is null or a.class = $3)
	    and ($4 is null or a.lifecycle = $4)
	    and ($5 is null or (a.name, a.id) > ($5, $6))
	  order by a.name, a.id
	  limit 1001)
	union all
	(select a.id, a.name
	   from asset as a
	  where (select ids is null or cardinality(ids) > 2000 from wanted)
	    and a.removed_at is null
	    and ($1 is null or a.search like all ((select fold($1)::text[])::text[]))
	    and ($2 is null or a.authority_id = $2)
	    and ($3 is null or a.class = $3)
	    and ($4 is null or a.lifecycle = $4)
	    and ($5 is null or (a.name, a.id) > ($5, $6))
	  order by a.name, a.id
	  limit 1001))
select '{"authority_name":' || to_json(o.name)::text
       || ',"is_requested":' || (exists (select from request as r join request_state as s on s.code = r.state
					  where r.asset_id = a.id and s.is_open))::text
       || ',"class_label":' || coalesce((select to_json(c.label) from asset_class as c where c.code = a.class)::text, 'null')
       || ',"item":' || a.body || '}' as body, a.name, a.id, (select count(*) from found) as hits
  from (select id from found order by name, id limit $7) as f
  join item_asset as a on a.id = f.id
  join authority as o on o.id = a.authority_id
 order by a.name, a.id
