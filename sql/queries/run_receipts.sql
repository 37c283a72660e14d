-- run_receipts: one set of figures of a frozen run; an empty one for a filter that nothing in it fits, as the live projection answers.
-- in:  run_id text, scenario text, grouping_by text, filter text
-- out: one? body jsonb   -- no row: no such run that the actor may know of, or it keeps no such grouping
select coalesce(kept.body, whole.body || empty.body) || jsonb_build_object('run', run.id::text) as body
  from projection_run as run
  left join projection_run_receipt as whole on whole.run_id = run.id and whole.scenario = $2 and whole.grouping_by = $3 and whole.filter = ''
  left join projection_run_receipt as kept on kept.run_id = run.id and kept.scenario = $2 and kept.grouping_by = $3 and kept.filter = $4
 cross join lateral (select case when run.authority_id is null then 0 end as pence) as no
 cross join lateral (
	select jsonb_build_object('gross_pence', no.pence, 'cost_pence', no.pence, 'net_pence', no.pence, 'pv_pence', no.pence) as pence
       ) as track
 cross join lateral (
	select jsonb_build_object('items', '[]'::jsonb, 'exceptions', '[]'::jsonb, 'totals', jsonb_build_object('baseline', track.pence,
		'adjusted', track.pence, 'rent_pence', no.pence, 'adjustment_pence', no.pence, 'forgone_pence', no.pence,
		'percentiles', null, 'suppressed', no.pence is null)) as body
       ) as empty
 where run.id = $1 and coalesce(kept.run_id, whole.run_id) is not null
