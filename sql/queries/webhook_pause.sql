-- webhook_pause: an active webhook is left alone, or one that was is called again, from where it stopped; any other stays as it is.
--   Time for which it was left alone is no time without success. The error given when it has moved.
-- in:  id text, seen int, is_paused bool, stale int
-- out: one done bool
with was as (
	select id, state from webhook where id = $1
), moved as (
	update webhook as w
	   set version = w.version + 1, state = case when $3 and w.state = 'ACTIVE' then 'PAUSED' when not $3 and w.state = 'PAUSED' then 'ACTIVE' else w.state end
	 where w.id = $1 and w.version = $2 and w.removed_at is null
	returning w.id
), begun as (
	update webhook_cursor as c set failing_since = null, failures = 0, warned = 0
	  from moved, was
	 where c.webhook_id = moved.id and not $3 and was.state = 'PAUSED'
)
select must((select count(*) from moved) = 1, $4) as done
