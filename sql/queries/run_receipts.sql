-- run_receipts: one set of figures of a frozen run.
-- in:  run_id text, scenario text, grouping_by text, filter text
-- out: one? body jsonb   -- no row: no such run that the actor may know of, or it keeps no such set
select body || jsonb_build_object('run', run_id::text) as body from projection_run_receipt
 where run_id = $1 and scenario = $2 and grouping_by = $3 and filter = $4
