-- page_run_then: of the frozen forecasts of a day or before, as known at a moment or before, the newest that the actor may read figures of;
--   no scenarios. One that was frozen as things stood is of that day. filter: the figures asked for; '': of all, or of a body of the actor's.
-- in:  scenario text, filter text, valid_on date, known_at timestamptz?
-- out: one? id text, of_on date, known_on date
select r.id::text, d.of_on, day_at(d.known) as known_on
  from projection_run as r
 cross join lateral (select coalesce(r.valid_on, day_at(r.created_at)) as of_on, coalesce(r.known_at, r.created_at) as known) as d
 where r.tag <> 'WHAT_IF' and r.overlay = '[]' and r.parameters_set = '{}'
   and d.of_on <= $3 and d.known <= known_by($4)
   and exists (select from projection_run_receipt as k where k.run_id = r.id and k.scenario = $1 and k.grouping_by = 'YEAR'
	and (k.filter = $2 or $2 = '' and starts_with(k.filter, 'authority_id=')))
 order by d.of_on desc, d.known desc, r.id desc
 limit 1
