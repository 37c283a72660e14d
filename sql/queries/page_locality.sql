-- page_locality: a locality for everybody: what lies there by public body and by deprivation, what communities ask for, and
--   with whom it is planned.
-- in:  id text
-- out: one? cpp_id text, body text
with own as materialized (
	select x.authority_id, x.decile, count(*) as number,
	       count(*) filter (where x.lifecycle in ('SURPLUS', 'PREPARING', 'MARKETING', 'UNDER_OFFER')) as moving
	  from asset as x where x.locality_id = $1 and x.removed_at is null group by x.authority_id, x.decile)
select l.cpp_id::text, json_build_object('id', l.id, 'name', l.name, 'kind', l.kind,
	'cpp_name', (select c.name from cpp as c where c.id = l.cpp_id),
	'assets_count', (select coalesce(sum(o.number), 0) from own as o),
	'moving_count', (select coalesce(sum(o.moving), 0) from own as o),
	'bodies', (select coalesce(json_agg(x order by x.name, x.id), '[]')
		     from (select a.id, a.name, sum(o.number)::bigint as assets_count, sum(o.moving)::bigint as moving_count
			     from own as o join authority as a on a.id = o.authority_id group by a.id, a.name) as x),
	'deciles', (select coalesce(json_agg(x order by x.decile), '[]')
		      from (select o.decile, sum(o.number)::bigint as assets_count from own as o where o.decile > 0 group by o.decile) as x),
	'requests', (select coalesce(json_agg(x order by x.is_open desc, x.reference_year desc, x.reference_number desc), '[]')
		       from (select r.id, r.reference, r.reference_year, r.reference_number, r.state, s.is_open, r.deadlines, b.name as community_body_name,
				    a.id as asset_id, a.name as asset_name
			       from asset as a
			       join request as r on r.asset_id = a.id
			       join request_state as s on s.code = r.state and (s.is_open or r.state = 'COMPLETED')
			       join community_body as b on b.id = r.community_body_id
			      where a.locality_id = l.id and a.removed_at is null
			      order by s.is_open desc, r.reference_year desc, r.reference_number desc limit 50) as x)
       )::text as body
  from locality as l
 where l.id = $1
