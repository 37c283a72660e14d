-- page_bridge: what the page of a movement is chosen from, as the actor may know of it: the newest runs with those that
--   were chosen, and bodies (own ones and those they plan with, or all); and how assets are called.
-- in:  chosen text[], own text[], is_everywhere bool, asset_ids text[]
-- out: one body text
select json_build_object(
	'runs', run_choices($1),
	'authorities', (select coalesce(json_agg(json_build_object('id', a.id, 'name', a.name) order by a.name, a.id), '[]')
			  from authority as a
			 where $3 or a.id = any ($2) or exists (select from cpp_partner as ours join cpp_partner as theirs using (cpp_id)
				where ours.authority_id = any ($2) and theirs.authority_id = a.id)),
	'names', (select coalesce(json_object_agg(a.id, a.name), '{}') from asset as a where a.id = any ($4))
       )::text as body
