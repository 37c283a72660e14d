-- report_list: authorities that report on a year or have, each with the state of its report, after one: those that keep
--   their register here first, then by name. year NULL: the newest that has ended.
-- in:  year int?, authority_id text?, after_name text?, after_id text?, take int
-- out: many body text, key text, id text
select i.body, a.key, a.id
  from (select coalesce($1, report_year_ended()) as n) as y
 cross join lateral (
	select a.id, a.key
	  from (select a.id, case when report_is_kept(a.id) then '0' else '1' end || a.name as key from authority as a
		 where (report_is_owed(a.id, y.n) or exists (select from report_version as v where v.authority_id = a.id and v.year = y.n))
		   and ($2 is null or a.id = $2)) as a
	 where $3 is null or (a.key, a.id) > ($3, $4)
	 order by a.key, a.id
	 limit $5) as a
 cross join lateral report_item(a.id, y.n, null, false) as i
 order by a.key, a.id
