-- run_input_insert: a page of the inputs of the run that this batch has just made.
-- in:  run_id text, number int, body bytes
insert into projection_run_input (run_id, number, body) values ($1, $2, $3)
