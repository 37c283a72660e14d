-- hook_oldest: for how long the oldest event has waited that an active webhook is still to be sent; 0: none waits. Of each
--   webhook two looks by index: ids of events are in the order of their moments.
-- out: one seconds bigint
select coalesce(greatest(0, extract(epoch from clock_at() - min(least(
		(select r.change_at from webhook_retry as r where r.webhook_id = w.id order by r.change_id limit 1),
		(select f.change_at from feed as f where f.position > c.position order by f.position limit 1)))))::bigint, 0) as seconds
  from webhook as w
  join webhook_cursor as c on c.webhook_id = w.id
 where w.state = 'ACTIVE' and w.removed_at is null
