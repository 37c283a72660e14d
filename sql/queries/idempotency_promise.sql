-- idempotency_promise: what a POST with this Idempotency-Key, taken in this transaction, leads to from now on, done or not.
-- in:  key text, location text
update idempotency_key set status = 202, location = $2 where principal_id = actor_id() and key = $1
