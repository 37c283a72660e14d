-- page_report: beside a report, what its page shows: the authority's other years, newest first; or how they stood on a day, as
--   known at a moment.
-- in:  authority_id text, valid_on date?, known_at timestamptz?
-- out: one body text
select json_build_object('years', (select coalesce(json_agg(json_build_object('year', report_year_words(y.n), 'state', report_state(y.n,
		v.is_published, report_is_owed($1, y.n), report_is_kept($1), d.day)) order by y.n desc), '[]')
	  from (select coalesce($2, clock_day()) as day) as d
	 cross join generate_series(2017, report_year_ended(d.day) + 1) as y (n)
	 cross join lateral (select exists (select from report_version as v where v.authority_id = $1 and v.year = y.n
		and ($2 is null or v.published_on <= $2 and v.published_at <= known_by($3))) as is_published) as v
	 where v.is_published or y.n >= report_year_ended(d.day) - 1))::text as body
