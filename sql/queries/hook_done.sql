-- hook_done: what webhooks were sent beyond their cursors, so that it is not sent twice.
-- in:  ids text[], since timestamptz
-- out: many webhook_id text, position bigint
select distinct c.webhook_id, a.position
  from webhook_cursor as c
  join webhook_attempt as a on a.webhook_id = c.webhook_id and a.position > c.position and a.at >= $2
 where c.webhook_id = any ($1) and a.result in ('DELIVERED', 'ABORTED', 'WITHHELD', 'EXHAUSTED')
 order by c.webhook_id, a.position
 limit 100000
