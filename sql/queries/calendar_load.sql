-- calendar_load: a version of the calendars, whether it was laid over the one that stands, and whether a day has come
--   from which it would have clocks run longer or shorter that its predecessor does not know; whether a day that it takes
--   back has passed by now.
-- in:  id text
-- out: one? version int, state text, is_over_current bool, is_too_late bool, loses_past bool
select c.version, c.state, c.over_id is not distinct from calendar_standing() as is_over_current,
       exists (select from (select jsonb_array_elements(c.clocks) except
				select jsonb_array_elements(o.clocks) from calendar as o where o.id = c.over_id) as s (setting)
		where (s.setting ->> 'from_on')::date <= clock_day()) as is_too_late,
       exists (select from jsonb_array_elements(calendar_taken_back(c)) as d where (d ->> 'on')::date < clock_day()) as loses_past
  from calendar as c where c.id = $1
