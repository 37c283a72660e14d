-- hook_release: what waits behind something that is over becomes due, unless something else is before it (webhooks that
--   mind the order). A statement of its own behind hook_flush: what was parked by that one is seen as well.
-- in:  fence bigint, over jsonb
with held as (
	select from lease where name = 'hooks' and fence = $1
), over as (
	select distinct w.id, w.mode, o.subject
	  from held, jsonb_to_recordset($2) as o (webhook_id text, subject text)
	  join webhook as w on w.id = o.webhook_id
), next as (
	select o.id, n.change_id
	  from over as o
	 cross join lateral (
		(select x.* from webhook_retry as x where x.webhook_id = o.id and o.mode = 'STRICT'
		  order by x.due_at, x.position limit 1)
		union all
		(select x.* from webhook_retry as x where x.webhook_id = o.id and o.mode <> 'STRICT' and x.subject = o.subject
		  order by x.due_at, x.position limit 1)) as n
	 where n.due_at = 'infinity'
)
update webhook_retry as r set due_at = clock_at(), due_from = clock_at()
  from next as n
 where r.webhook_id = n.id and r.change_id = n.change_id
