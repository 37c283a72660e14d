-- run_promise_say: how far a promised run is.
-- in:  id text, step text, done int, of_all int
update run_promise set said_at = clock_at(), step = $2, done = $3, of_all = $4 where run_id = $1
