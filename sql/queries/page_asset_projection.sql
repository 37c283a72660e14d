-- page_asset_projection: what the page of an asset's projection says beside the figures: its name, how it is planned to go, and its
--   requests by the numbers that they have in the model (views/0060_projection.sql).
-- in:  id text
-- out: one? body text
select json_build_object('id', a.id, 'name', a.name,
	'method', (select p.method from disposal_plan as p where p.asset_id = a.id),
	'requests', (select coalesce(json_agg(json_build_object('number', r.number, 'id', r.id, 'reference', r.reference) order by r.number), '[]')
		       from (select q.id, q.reference, row_number() over (order by q.created_at, q.id) as number
			       from request as q where q.asset_id = a.id) as r))::text as body
  from asset as a where a.id = $1
