-- webhook_rotate: new secrets follow; those there sign for a while longer, or end at once where overlap_s is 0. The first error
--   when the webhook has moved, the second when three sign already: whoever still checks by the oldest is not cut short.
-- in:  id text, seen int, overlap_s int, public_key text, stale int, signing int
-- out: one done bool
with was as (
	select id, state, updated_at from webhook where id = $1
), moved as (
	update webhook set version = version + 1, public_key = $4
	 where id = $1 and version = $2 and removed_at is null
	returning id
), rested as (
	update webhook_cursor as c set failing_since = webhook_rested(c.failing_since, was.state, was.updated_at)
	  from moved, was
	 where c.webhook_id = moved.id and was.state <> 'ACTIVE'
), ended as (
	update webhook_secret as s
	   set expires_at = least(s.expires_at, clock_at() + make_interval(secs => $3))
	  from moved
	 where s.webhook_id = moved.id and s.kind <> 'TLS'
)
select must((select count(*) from moved) = 1, $5)
       and must($3 = 0 or (select count(*) < 3 from webhook_secret as s
		 where s.webhook_id = $1 and s.kind = 'HMAC' and coalesce(s.expires_at, 'infinity') > clock_at()), $6) as done
