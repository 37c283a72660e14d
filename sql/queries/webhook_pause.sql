-- webhook_pause: an active webhook is left alone, or one that was is called again, from where it stopped; any other stays as it is.
--   The error given when it has moved.
-- in:  id text, seen int, is_paused bool, stale int
-- out: one done bool
with was as (
	select id, state, updated_at from webhook where id = $1
), moved as (
	update webhook as w
	   set version = w.version + 1, state = case when $3 and w.state = 'ACTIVE' then 'PAUSED' when not $3 and w.state = 'PAUSED' then 'ACTIVE' else w.state end
	 where w.id = $1 and w.version = $2 and w.removed_at is null
	returning w.id
), rested as (
	update webhook_cursor as c set failing_since = webhook_rested(c.failing_since, was.state, was.updated_at)
	  from moved, was
	 where c.webhook_id = moved.id and was.state <> 'ACTIVE'
)
select must((select count(*) from moved) = 1, $4) as done
