-- calendar_version_load: the days and settings of a version of the calendars that the actor may read.
-- in:  id text
-- out: one? fields jsonb
select calendar_fields(c) as fields from calendar as c where c.id = $1
