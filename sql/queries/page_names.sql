-- page_names: what public bodies, partnerships, localities and kinds of assets are called, by id or code.
-- in:  ids text[]
-- out: one body text
select coalesce(json_object_agg(n.id, n.name), '{}')::text as body
  from (select id::text, name from authority union all select id::text, name from cpp
	union all select id::text, name from locality union all select code, label from asset_class) as n
 where n.id = any ($1)
