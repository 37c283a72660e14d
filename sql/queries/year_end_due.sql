-- year_end_due: the earliest financial year that has ended in London since something was recorded first, and has no run yet.
-- out: one? ends_on text, known_at text, name text   -- no row: none
select e.ends_on::text as ends_on, utc(e.known_at) as known_at,
       'Year end ' || financial_year(e.ends_on) as name
  from (select f.change_at as began_at from feed as f order by f.position limit 1) as first
 cross join lateral (
	select make_date(y, 3, 31) as ends_on, make_date(y, 4, 1)::timestamp at time zone 'Europe/London' as known_at
	  from generate_series(extract(year from first.began_at)::int, extract(year from clock_at())::int) as y
       ) as e
 where first.began_at < e.known_at and e.known_at <= clock_at()
   and not exists (select from projection_run as r where r.year_end_on = e.ends_on)
 order by e.ends_on
 limit 1
