-- run_promise_keep: a promised run is stored in this transaction.
-- in:  id text
delete from run_promise where run_id = $1
