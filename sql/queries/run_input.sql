-- run_input: a page of the inputs of a frozen run, for the installation.
-- in:  run_id text, number int
-- out: one? body text   -- no row: there is no such page
select convert_from(body, 'UTF8') as body from projection_run_input where run_id = $1 and number = $2
