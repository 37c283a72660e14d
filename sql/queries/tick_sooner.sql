-- tick_sooner: requests whose next look would come after one of their deadlines is told of as approaching, days_ahead before
--   its last day, are looked at on that day: what stands there may be from before that number was another. One that
--   somebody holds gets its next look from them.
-- in:  days_ahead int
with held as (
	select r.id, r.deadlines from request as r where r.look_on > clock_day() for no key update skip locked
), sooner as (
	select h.id, min(greatest((d.date ->> 'due_on')::date - $1, clock_day())) as look_on
	  from held as h, jsonb_array_elements(h.deadlines) as d (date)
	 where d.date ->> 'state' = 'RUNNING'
	 group by h.id
)
update request as r set look_on = s.look_on from sooner as s where r.id = s.id and r.look_on > s.look_on
