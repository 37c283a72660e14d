-- hook_release_all: what waits behind nothing becomes due, of webhooks that are read anew: what it waited behind ended
--   while it was put there, or the webhook minds another order than it did.
-- in:  fence bigint, ids text[]
with held as (
	select from lease where name = 'hooks' and fence = $1
), first as (
	select distinct on (r.webhook_id, k.line) r.webhook_id, r.change_id, r.due_at
	  from held, webhook as w
	  join webhook_retry as r on r.webhook_id = w.id
	 cross join lateral (select case when w.mode <> 'STRICT' then r.subject::text else '' end as line) as k
	 where w.id = any ($2)
	 order by r.webhook_id, k.line, r.due_at, r.position
)
update webhook_retry as r set due_at = clock_at(), due_from = clock_at()
  from first as f
 where r.webhook_id = f.webhook_id and r.change_id = f.change_id and f.due_at = 'infinity'
