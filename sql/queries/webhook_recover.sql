-- webhook_recover: events that wait to be sent once more, at a fifth of the webhook's rate; of those that mind the
--   order the first, the others when it is over. The error given when the webhook has moved.
-- in:  id text, seen int, event_id text?, from_position bigint?, until_position bigint?, since timestamptz?,
--      until timestamptz?, types text[]?, is_failed_only bool, stale int
-- out: one done bool, count bigint
with moved as (
	update webhook set version = version + 1
	 where id = $1 and version = $2 and removed_at is null
	returning id, mode, per_hour
), chosen as (
	select r.*, m.mode, m.per_hour, row_number() over (order by r.position) as n,
	       row_number() over (partition by case m.mode when 'STRICT' then '' else r.subject end order by r.position) as nth,
	       m.mode <> 'UNORDERED' and exists (select from webhook_retry as x where x.webhook_id = $1 and (m.mode = 'STRICT' or x.subject = r.subject)
			and x.change_id <> r.change_id) as is_behind
	  from moved as m, webhook_recoverable($1, $3, $4, $5, $6, $7, $8, $9) as r
), kept as (
	insert into webhook_retry (webhook_id, change_id, change_at, position, subject, attempts, due_at)
	select $1, change_id, change_at, position, subject, 0,
	       case when mode <> 'UNORDERED' and (nth > 1 or is_behind) then 'infinity'
		    else clock_at() + (n - 1) * interval '5 hours' / per_hour end
	  from chosen
	on conflict (webhook_id, change_id) do update set due_at = excluded.due_at, due_from = excluded.due_from
	returning change_id
)
select must((select count(*) from moved) = 1, $10) as done, (select count(*) from kept) as count
