-- calendar_load: a version of the calendars, and whether it was laid over the one that stands.
-- in:  id text
-- out: one? version int, state text, is_over_current bool
select c.version, c.state, c.over_id is not distinct from calendar_standing() as is_over_current
  from calendar as c where c.id = $1
