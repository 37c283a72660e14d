-- calendar_current: the version of the calendars that stands, if one was ever applied.
-- out: many id text, fields jsonb
select c.id,
       jsonb_build_object('covers_until', c.covers_until, 'instruments', c.instruments, 'holidays', c.holidays) as fields
  from calendar as c where c.id = calendar_standing()
