-- hook_due: what is to be tried again by now, the longest due first.
-- in:  most int
-- out: many webhook_id text, principal_id text, position bigint, change_id text, at text, subject text,
--      attempts int
select r.webhook_id, w.principal_id, r.position, r.change_id, r.change_at::text as at, r.subject, r.attempts::int as attempts
  from webhook_retry as r
  join webhook as w on w.id = r.webhook_id and w.state = 'ACTIVE' and w.removed_at is null
 where r.due_at <= clock_at()
 order by r.due_at, r.position
 limit $1
