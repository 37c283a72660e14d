-- idempotency_find: what a POST with this Idempotency-Key was answered.
-- in:  key text
-- out: one? hash bytea, status int?, location text?, etag text?, event_id text?, content_type text?, body text?
select hash, status::int, location, etag, event_id::text, content_type, body
  from idempotency_key
 where principal_id = actor_id() and key = $1 and expires_at > clock_at()
