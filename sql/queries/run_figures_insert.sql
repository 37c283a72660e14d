-- run_figures_insert: the figures of a run that this batch has just made.
-- in:  run_id text, frozen jsonb
insert into projection_run_receipt (run_id, scenario, grouping_by, filter, number, body)
select $1, r ->> 'scenario', r ->> 'grouping_by', r ->> 'filter', n, r -> 'body'
  from jsonb_array_elements($2 -> 'receipts') with ordinality as e (r, n)
