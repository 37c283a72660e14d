-- run_promise_keep: a promised run is stored in this transaction.
-- in:  id text
with ask as (delete from run_ask where run_id = $1)
delete from run_promise where run_id = $1
