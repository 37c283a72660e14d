-- page_locality: a locality for everybody: what lies there by public body and by deprivation, what communities ask for, and
--   with whom it is planned; now, or as it was on a day as known at a moment (the locality itself keeps no past).
-- in:  id text, valid_on date?, known_at timestamptz?
-- out: one? cpp_id text, body text
with land as materialized (
	select x.id, x.authority_id, x.lifecycle, x.decile from asset_rows_at(null, $1, $2, known_by($3)) as x where $2 is not null),
own as materialized (
	select x.authority_id::text, x.decile::int, count(*) as number,
	       count(*) filter (where x.lifecycle in ('SURPLUS', 'PREPARING', 'MARKETING', 'UNDER_OFFER')) as moving
	  from asset as x where $2 is null and x.locality_id = $1 and x.removed_at is null group by x.authority_id, x.decile
	union all
	select x.authority_id, x.decile, count(*),
	       count(*) filter (where x.lifecycle in ('SURPLUS', 'PREPARING', 'MARKETING', 'UNDER_OFFER'))
	  from land as x group by x.authority_id, x.decile),
asked as (
	select r.id::text, r.reference, r.reference_year, r.reference_number, r.state::text, r.deadlines, r.community_body_id::text,
	       a.id::text as asset_id, a.name as asset_name
	  from asset as a join request as r on r.asset_id = a.id
	 where $2 is null and a.locality_id = $1 and a.removed_at is null
	union all
	select r.id, r.reference, (r.was).reference_year, (r.was).reference_number, r.state, r.deadlines, r.community_body_id, r.asset_id,
	       (select f.body ->> 'name' from fact as f where f.subject = r.asset_id and f.part = 'asset' and f.valid @> $2 and f.known @> known_by($3))
	  from request_rows_at(array(select q.id::text from request as q join land as x on x.id = q.asset_id), $2, known_by($3)) as r
	 where $2 is not null and exists (select from land as x where x.id = r.asset_id))
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
				    r.asset_id, r.asset_name
			       from asked as r
			       join request_state as s on s.code = r.state and (s.is_open or r.state = 'COMPLETED')
			       join community_body as b on b.id = r.community_body_id
			      order by s.is_open desc, r.reference_year desc, r.reference_number desc limit 50) as x)
       )::text as body
  from locality as l
 where l.id = $1
