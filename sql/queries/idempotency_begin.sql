-- idempotency_begin: take an Idempotency-Key before anything else is done; AS075 when it is taken.
-- in:  key text, hash bytea
-- out: one begun bool
select idempotency_begin($1, $2) as begun
