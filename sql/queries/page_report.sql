-- page_report: beside a report, what its page shows: the authority's other years, newest first.
-- in:  authority_id text
-- out: one body text
select json_build_object('years', (select coalesce(json_agg(json_build_object('year', report_year_words(y.n), 'state', report_state(y.n,
		exists (select from report_version as v where v.authority_id = $1 and v.year = y.n), report_is_owed($1, y.n))) order by y.n desc), '[]')
	  from generate_series(2017, report_year_ended() + 1) as y (n)
	 where exists (select from report_version as v where v.authority_id = $1 and v.year = y.n)
	    or y.n >= report_year_ended() - 1))::text as body
