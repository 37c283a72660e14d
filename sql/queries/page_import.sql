-- page_import: for whom the actor may load lists, by which saved mappings, and what was loaded lately.
-- out: one body text
select json_build_object(
	'authorities', (select coalesce(json_agg(json_build_object('id', a.id, 'name', a.name) order by a.name, a.id), '[]')
			  from authority as a
			 where a.id = any ((select actor_in('estates'))::text[]) or (select actor_everywhere('estates'))),
	'mappings', (select coalesce(json_agg(json_build_object('name', m.name, 'authority_name', a.name) order by m.name, a.name), '[]')
		       from mapping as m join authority as a on a.id = m.authority_id where m.removed_at is null),
	'imports', (select coalesce(json_agg(json_build_object('id', i.id, 'state', coalesce(i.work ->> 'state', i.state), 'progress', i.work, 'authority_name', i.name,
			'created_on', (i.created_at at time zone 'Europe/London')::date) order by i.created_at desc), '[]')
		      from (select i.id, i.state, import_work(i.id, i.state) as work, i.created_at, a.name from import as i join authority as a on a.id = i.authority_id
			     order by i.created_at desc limit 20) as i)
       )::text as body
