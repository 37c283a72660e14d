-- run_receipts_by: the figures of a frozen run by year and one more dimension, of which it keeps a series of years for each key.
-- in:  run_id text, scenario text, member text   -- authority_id, cpp_id, locality_id or class
-- out: one? body jsonb   -- no row: no such run that the actor may know of
select whole.body || jsonb_build_object('run', run.id::text, 'items', kept.items) as body
  from projection_run as run
  join projection_run_receipt as whole on whole.run_id = run.id and whole.scenario = $2 and whole.grouping_by = 'YEAR' and whole.filter = ''
 cross join lateral (
	select coalesce(jsonb_agg(item.body || jsonb_build_object('group', item.body -> 'group' || jsonb_build_object($3, substr(one.filter, length($3) + 2)))
		order by one.filter collate "C", item.number), '[]'::jsonb) as items
	  from projection_run_receipt as one
	 cross join lateral jsonb_array_elements(one.body -> 'items') with ordinality as item (body, number)
	 where one.run_id = run.id and one.scenario = $2 and one.grouping_by = 'YEAR' and starts_with(one.filter, $3 || '=')
       ) as kept
 where run.id = $1
