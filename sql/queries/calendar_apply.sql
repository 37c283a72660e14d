-- calendar_apply: from now on this version of the calendars stands. Two that are applied at once take
--   the same number, and one is refused.
-- in:  id text, seen int, stale int
-- out: one done bool
with moved as (
	update calendar as c
	   set version = c.version + 1, state = 'APPLIED', applied_at = clock_at(),
	       number = coalesce((select max(o.number) from calendar as o), 0) + 1
	 where c.id = $1 and c.version = $2 and c.state = 'PREVIEWED'
	returning c.id
)
select must((select count(*) from moved) = 1, $3) as done
