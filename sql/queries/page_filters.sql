-- page_filters: what a list can be narrowed to: bodies with entries, council areas, and kinds of assets.
-- out: one body text
select json_build_object(
	'authorities', (select coalesce(json_agg(json_build_object('id', a.id, 'name', a.name) order by a.name, a.id), '[]')
			  from authority as a
			 where exists (select from asset as x where x.authority_id = a.id and x.removed_at is null)),
	'councils', (select coalesce(json_agg(json_build_object('id', c.code, 'name', c.name) order by c.name, c.id), '[]')
		       from authority as c where c.kind = 'COUNCIL'),
	'classes', (select coalesce(json_agg(json_build_object('id', c.code, 'name', c.label, 'is_said', true) order by c.label), '[]')
		      from asset_class as c)
       )::text as body
