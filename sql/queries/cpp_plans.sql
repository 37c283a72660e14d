-- cpp_plans: what a partnership plans with its land: assets with a disposal plan or an open request, by planned day, with what lies beside
--   each (functions/0066_planned.sql).
-- in:  cpp_id text, from_on date?, until_on date?, authority_id text?, locality_id text?, within_m int, after_on date?, after_id text?, take int
-- out: one? body text
with shown as materialized (
	select p from planned_asset as p where p.id = any (array(select f.id from planned_found($1, $2, $3, $4, $5, $7, $8, $9) as f))
), beside as materialized (
	select (s.p).id as of_id, json_agg(json_build_object('asset_id', o.id, 'name', o.name, 'authority_id', o.authority_id,
			'authority_name', (select w.name from authority as w where w.id = o.authority_id),
			'is_other_partner', o.authority_id <> (s.p).authority_id, 'distance_m', round(n.apart::numeric)::bigint, 'same_site', n.same_site,
			'method', o.method, 'planned_on', o.planned_on) order by n.same_site is null, n.apart nulls first, n.id) as them
	  from planned_near(array(select (s.p).id::text from shown as s), $6) as n
	  join shown as s on (s.p).id = n.of_id
	 cross join lateral (select a.id, a.name, a.authority_id, p.method, p.planned_on from asset as a
		left join disposal_plan as p on p.asset_id = a.id and p.method <> 'NONE' where a.id = n.id offset 0) as o
	 group by 1
)
select json_build_object('cpp', plans_cpp(c),
	'sites', cpp_sites(c.id), 'outcomes', cpp_outcomes(c.id, null, null),
	-- What communities offer beside money, of open requests: scores are public, amounts are for who reads that body's money.
	'benefits', (select coalesce(json_agg(json_build_object('authority_id', u.id, 'requests', t.n, 'scored', t.scored, 'score', t.score,
			'benefit_pence', case when u.id = any ((select actor_in('money'))::text[]) or (select actor_everywhere('money'))
				then t.benefit end) order by u.name, u.id), '[]')
		       from cpp_partner as w join authority as u on u.id = w.authority_id
		      cross join lateral (select count(*) as n, count(r.benefit_score) as scored, sum(r.benefit_score)::bigint as score,
				sum(m.benefit_pence)::bigint as benefit
			     from request as r join request_state as s on s.code = r.state and s.is_open join asset as a on a.id = r.asset_id
			     left join request_money as m on m.request_id = r.id where r.authority_id = u.id and a.cpp_id = c.id) as t
		      where w.cpp_id = c.id),
	'items', (select coalesce(json_agg(plans_item(s.p,
			(select coalesce(json_agg(json_build_object('authority_id', o.owner_id, 'name', w.name, 'units', o.units) order by w.name, w.id), '[]')
			   from asset_owner as o join authority as w on w.id = o.owner_id where o.asset_id = (s.p).id),
			(select coalesce(json_agg(plans_request(r, clock_day()) order by r.received_on, r.id), '[]')
			   from request as r join request_state as t on t.code = r.state and t.is_open where r.asset_id = (s.p).id),
			coalesce(b.them, '[]')) order by (s.p).sort_on, (s.p).id), '[]')
		    from shown as s left join beside as b on b.of_id = (s.p).id))::text as body
  from cpp as c
 where c.id = $1
