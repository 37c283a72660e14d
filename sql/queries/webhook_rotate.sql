-- webhook_rotate: new secrets follow; those there are sign for a while longer, the last two of them at most. The error
--   given when the webhook has moved.
-- in:  id text, seen int, overlap_s int, public_key text, stale int
-- out: one done bool
with moved as (
	update webhook set version = version + 1, public_key = $4
	 where id = $1 and version = $2 and removed_at is null
	returning id
), ended as (
	update webhook_secret as s
	   set expires_at = case when s.number > (select max(x.number) from webhook_secret as x where x.webhook_id = $1) - 2
		then least(s.expires_at, clock_at() + make_interval(secs => $3)) else least(s.expires_at, clock_at()) end
	  from moved
	 where s.webhook_id = moved.id and s.kind <> 'TLS'
)
select must((select count(*) from moved) = 1, $5) as done
