-- page_calendars: versions of the calendars that the actor may read, the newest first, without their days.
-- in:  rows int
-- out: many body text
select row_to_json(x)::text as body
  from (select c.id, c.state, c.number, c.source, utc(c.created_at) as created_at, utc(c.applied_at) as applied_at
	  from calendar as c
	 order by c.number desc nulls first, c.id desc
	 limit $1) as x
