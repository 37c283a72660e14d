-- page_report_alarms: reports on the newest year that has ended which the actor writes and has not published; who may
--   write everybody's is told of those authorities that have requests. At most 20.
-- out: many body text
select row_to_json(x)::text as body
  from (select a.id as authority_id, a.name as authority_name, report_year_words(y.n) as year, report_due(y.n) as due_on,
	       report_state(y.n, false, true, true) as state
	  from (select report_year_ended() as n) as y
	 cross join authority as a
	 where (a.id = any (actor_in('estates')) or a.id = any (actor_in('decider'))
		or (actor_everywhere('estates') or actor_everywhere('decider'))
			and exists (select from request as r where r.authority_id = a.id))
	   and report_is_owed(a.id, y.n)
	   and not exists (select from report_version as v where v.authority_id = a.id and v.year = y.n)
	 order by a.name, a.id
	 limit 20) as x
