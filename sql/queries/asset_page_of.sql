-- asset_page_of: a page of one authority's assets by id, after one: what item_list gives for authority_id alone,
--   but planned once a connection, where item_list, whose text differs from call to call, plans each time, which
--   took six times as long as the reading. Parameters stand in subqueries so that the planner cannot look at
--   them: it keeps one plan. A test compares the two.
-- in:  authority_id text, after text, take int
-- out: many body text, key text, id text, version int
select i.body, i.id::text as key, i.id, i.version
  from item_asset as i
 where not i.gone and i.authority_id = (select $1) and i.id > (select $2)
 order by i.id
 limit (select $3)
