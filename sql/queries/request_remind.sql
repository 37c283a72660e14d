-- request_remind: something is told of a deadline, once and for good: the request's next version and its event.
--   Of one that was missed, with the deadlines as they are since, and the calendars that they were counted by.
-- in:  id text, seen int, event_id text, type text, clock text, starts_on date, due_on date, what text,
--      happened_on date, data jsonb, stale int, look_on date?, deadlines jsonb?, calendar_id text?
-- out: one done bool
with moved as (
	update request as r
	   set version = r.version + 1, look_on = $12,
	       deadlines = case $8 when 'MISSED' then $13 else r.deadlines end,
	       calendar_version = case $8 when 'MISSED' then $14 else r.calendar_version end
	 where r.id = $1 and r.version = $2
	returning r.id, r.version, r.authority_id, r.asset_id, r.published
), told as (
	insert into request_reminder (request_id, authority_id, published, clock, starts_on, due_on, what, happened_on)
	select m.id, m.authority_id, m.published, $5, $6, $7, $8, $9 from moved as m
	returning request_id
)
select must((select count(*) from told) = 1, $11)
       and (select change_put($3, $4, m.id, m.version, m.authority_id, m.asset_id, $10, null, null, null, null, null, null,
			actor_kind => 'SYSTEM') is not null from moved as m) as done
