-- report_load: what a change of a report has to know of it; version 0: it has no row yet.
-- in:  authority_id text, year int
-- out: one? id text?, version int, fields jsonb, published int, is_over bool, differs bool   -- no row: no such authority, or year to come
select r.id, coalesce(r.version, 0) as version, jsonb_strip_nulls(jsonb_build_object('promotion', r.promotion, 'support', r.support)) as fields,
       coalesce(r.published, 0) as published, report_to($2) < clock_day() as is_over, report_differs(a.id, $2) as differs
  from authority as a
  left join report as r on r.authority_id = a.id and r.year = $2
 where a.id = $1 and report_from($2) <= clock_day()
