-- run_receipts_by: the figures of a frozen run by year and one more dimension, of which it keeps a series of years for each key. Who
--   may read some of these alone, as of the run that closes a year, gets them, with no sum of all.
-- in:  run_id text, scenario text, member text, most bigint   -- authority_id, cpp_id, locality_id or class; items
-- out: one? body jsonb?   -- absent: of more items than an answer of two dimensions has; no row: no such run that the actor may know
--   of, or nothing of it that the actor may read
with part as (
	select one.filter, one.body
	  from projection_run_receipt as one
	 where one.run_id = $1 and one.scenario = $2 and one.grouping_by = 'YEAR' and starts_with(one.filter, $3 || '=')
)
select case when size.items <= $4 then coalesce(whole.body, own.body) || jsonb_build_object('run', run.id::text, 'items', kept.items) end as body
  from projection_run as run
  left join projection_run_receipt as whole on whole.run_id = run.id and whole.scenario = $2 and whole.grouping_by = 'YEAR' and whole.filter = ''
  left join lateral (
	select first.body || jsonb_build_object(
		'exceptions', (select coalesce(jsonb_agg(distinct e), '[]') from part as p cross join jsonb_array_elements(p.body -> 'exceptions') as e),
		'simulated', case when jsonb_typeof(first.body -> 'simulated') = 'object' then first.body -> 'simulated' || jsonb_build_object('left_out',
			(select coalesce(jsonb_agg(distinct e), '[]') from part as p cross join jsonb_array_elements(p.body #> '{simulated,left_out}') as e)) end,
		'totals', jsonb_build_object('baseline', withheld.track, 'adjusted', withheld.track, 'rent_pence', null, 'adjustment_pence', null,
			'forgone_pence', null, 'percentiles', null, 'suppressed', true)) as body
	  from (select p.body from part as p order by p.filter collate "C" limit 1) as first
	 cross join (select '{"gross_pence": null, "cost_pence": null, "net_pence": null, "pv_pence": null}'::jsonb as track) as withheld
       ) as own on whole.run_id is null
 cross join (select coalesce(sum(jsonb_array_length(p.body -> 'items')), 0)::bigint as items from part as p) as size
 cross join lateral (
	select coalesce(jsonb_agg(item.body || jsonb_build_object('group', item.body -> 'group' || jsonb_build_object($3, substr(one.filter, length($3) + 2)))
		order by one.filter collate "C", item.number), '[]'::jsonb) as items
	  from part as one
	 cross join lateral jsonb_array_elements(one.body -> 'items') with ordinality as item (body, number)
	 where size.items <= $4
       ) as kept
 where run.id = $1 and coalesce(whole.body, own.body) is not null
