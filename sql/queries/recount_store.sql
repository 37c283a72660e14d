-- recount_store: a request's deadlines by the calendars that stand. Its version goes on by one where a day moved
--   or is settled (next is seen + 1), and stays where none did; so may the day of the next look.
-- in:  id text, seen int, next int, deadlines jsonb, calendar_id text, look_on date?
-- out: one done bool
with moved as (
	update request as r
	   set version = $3, deadlines = $4, calendar_version = $5, look_on = $6
	 where r.id = $1 and r.version = $2
	returning r.id
)
select must((select count(*) from moved) = 1, 45) as done
