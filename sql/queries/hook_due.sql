-- hook_due: what is to be tried again by now, of each webhook that is not among those left alone the longest due
--   first. One that has much to wait for costs the others nothing: who waits is found from one to the next by index.
-- in:  paused text[], most int
-- out: many webhook_id text, principal_id text, position bigint, change_id text, at text, subject text,
--      attempts int
with recursive waiting as (
	(select webhook_id from webhook_retry order by webhook_id limit 1)
	union all
	select (select r.webhook_id from webhook_retry as r where r.webhook_id > l.webhook_id order by r.webhook_id limit 1)
	  from waiting as l
	 where l.webhook_id is not null
)
select r.webhook_id, w.principal_id, r.position, r.change_id, utc(r.change_at) as at, r.subject, r.attempts::int as attempts
  from waiting
  join webhook as w on w.id = waiting.webhook_id and w.state = 'ACTIVE' and w.removed_at is null
 cross join lateral (
	select * from webhook_retry as x
	 where x.webhook_id = w.id and x.due_at <= clock_at()
	 order by x.due_at, x.position
	 limit $2) as r
 where w.id <> all ($1)
 order by r.due_at, r.position
