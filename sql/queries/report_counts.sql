-- report_counts: of a reporting year, how many authorities that keep their register here owe a report and how many of
--   them have published it; how many more owe one; and its days. year NULL: the newest that has ended.
-- in:  year int?
-- out: one body text
select json_build_object('year', report_year_words(y.n), 'from_on', report_from(y.n), 'to_on', report_to(y.n),
	'due_on', report_due(y.n), 'state', report_state(y.n, false, true, true),
	'years', (select json_agg(report_year_words(n) order by n desc) from generate_series(2017, report_year_ended() + 1) as n),
	'owed', o.kept, 'published', o.published, 'elsewhere_count', nullif(o.owed - o.kept, 0))::text as body
  from (select coalesce($1, report_year_ended()) as n) as y
 cross join lateral (
	select count(*) as owed, count(*) filter (where report_is_kept(a.id)) as kept,
	       count(*) filter (where exists (select from report_version as v where v.authority_id = a.id and v.year = y.n)) as published
	  from authority as a where report_is_owed(a.id, y.n)) as o
