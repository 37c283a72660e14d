-- cpp_plans: what a partnership plans with its land: assets with a disposal plan or an open request, by planned day, with what lies beside
--   each. On one site with another is what is part of it or it of that, shares its UPRN, was confirmed to overlap, or lies within 10 metres.
-- in:  cpp_id text, from_on date?, until_on date?, authority_id text?, locality_id text?, within_m int, after_on date?, after_id text?, take int
-- out: one? body text
with shown as materialized (
	select p from planned_asset as p
	 where p.cpp_id = $1 and ($2::date is null or p.planned_on between $2 and $3)
	   and ($4 is null or p.authority_id = $4 or exists (select from asset_owner as o where o.asset_id = p.id and o.owner_id = $4))
	   and ($5 is null or p.locality_id = $5) and ($8 is null or (p.sort_on, p.id::text) > (coalesce($7, 'infinity'), $8))
	 order by p.sort_on, p.id limit $9
)
select json_build_object('cpp', plans_cpp(c),
	'sites', cpp_sites(c.id),
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
			planned_beside((s.p).id, $6)) order by (s.p).sort_on, (s.p).id), '[]')
		    from shown as s))::text as body
  from cpp as c
 where c.id = $1
