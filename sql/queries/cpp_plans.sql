-- cpp_plans: what a partnership plans with its land: assets with a disposal plan or an open request, by planned day, with what lies beside
--   each. On one site with another is what is part of it or it of that, shares its UPRN, was confirmed to overlap, or lies within 10 metres.
-- in:  cpp_id text, from_on date?, until_on date?, authority_id text?, locality_id text?, within_m int, after_on date?, after_id text?, take int
-- out: one? body text
with shown as materialized (
	select * from planned_asset as p
	 where p.cpp_id = $1 and ($2::date is null or p.planned_on between $2 and $3)
	   and ($4 is null or p.authority_id = $4 or exists (select from asset_owner as o where o.asset_id = p.id and o.owner_id = $4))
	   and ($5 is null or p.locality_id = $5) and ($8 is null or (p.sort_on, p.id::text) > (coalesce($7, 'infinity'), $8))
	 order by p.sort_on, p.id limit $9
)
select json_build_object('cpp', json_build_object('id', c.id, 'name', c.name,
		'partners', (select coalesce(json_agg(json_build_object('id', u.id, 'name', u.name) order by u.name, u.id), '[]')
			       from cpp_partner as w join authority as u on u.id = w.authority_id where w.cpp_id = c.id),
		'localities', (select coalesce(json_agg(json_build_object('id', l.id, 'name', l.name) order by l.name, l.id), '[]')
				 from locality as l where l.cpp_id = c.id)),
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
	'items', (select coalesce(json_agg(json_build_object('asset_id', p.id, 'name', p.name, 'class', p.class, 'lifecycle', p.lifecycle,
			'authority_id', p.authority_id, 'authority_name', u.name, 'address', p.address, 'postcode', p.postcode, 'uprn', p.uprn,
			'easting', p.easting, 'northing', p.northing, 'lat', p.lat, 'lon', p.lon,
			'locality_id', p.locality_id, 'locality_name', (select l.name from locality as l where l.id = p.locality_id), 'decile', p.decile,
			'owners', (select coalesce(json_agg(json_build_object('authority_id', o.owner_id, 'name', w.name, 'units', o.units) order by w.name, w.id), '[]')
				     from asset_owner as o join authority as w on w.id = o.owner_id where o.asset_id = p.id),
			'plan', case when p.plan_id is not null then json_build_object('method', p.method, 'stage', p.stage, 'planned_on', p.planned_on,
				'year', y.year, 'quarter', y.year || 'Q' || extract(quarter from p.planned_on - interval '3 months')) end,
			'requests', (select coalesce(json_agg(json_build_object('id', r.id, 'reference', r.reference, 'kind', r.kind, 'state', r.state, 'benefit_score', r.benefit_score,
					'community_body_name', (select b.name from community_body as b where b.id = r.community_body_id),
					'next_on', next_due(r.state, r.deadlines, clock_day()))
					order by r.received_on, r.id), '[]')
				       from request as r join request_state as s on s.code = r.state and s.is_open where r.asset_id = p.id),
			'beside', planned_beside(p.id, $6))
			order by p.sort_on, p.id), '[]')
		    from shown as p join authority as u on u.id = p.authority_id
		   cross join lateral financial_year(p.planned_on) as y (year)))::text as body
  from cpp as c
 where c.id = $1
