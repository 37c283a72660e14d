-- hook_done: what webhooks were sent, or keep to be tried again, beyond their cursors, so that none of it is taken for new.
-- in:  ids text[], since timestamptz
-- out: many webhook_id text, position bigint
select a.webhook_id, a.position
  from webhook_cursor as c
  join webhook_attempt as a on a.webhook_id = c.webhook_id and a.position > c.position and a.at >= $2
 where c.webhook_id = any ($1) and a.result in ('DELIVERED', 'ABORTED', 'WITHHELD', 'EXHAUSTED')
 union
select r.webhook_id, r.position
  from webhook_cursor as c
  join webhook_retry as r on r.webhook_id = c.webhook_id and r.position > c.position
 where c.webhook_id = any ($1)
 order by webhook_id, position
 limit 100000
