-- run_promise_fail: that a promised run has failed, and why.
-- in:  id text, title text, detail text?
update run_promise set failed_at = clock_at(), title = $2, detail = $3 where run_id = $1
