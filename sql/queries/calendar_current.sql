-- calendar_current: the version of the calendars that stands, if one was ever applied.
-- out: many id text, fields jsonb
select c.id, calendar_fields(c) as fields
  from calendar as c where c.id = calendar_standing()
