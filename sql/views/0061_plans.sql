-- What public bodies plan with their land, and what lies beside what.
set local role assetd_owner;
set local search_path = assetd, public;

drop function if exists cpp_sites(text);
drop function if exists planned_beside(text, int);
drop view if exists planned_asset;

-- Assets with a plan to sell or let, or with an open request; without a plan they come last. For
-- whoever may know of them: the policies of the tables decide.
create view planned_asset with (security_invoker = true) as
select a.id, a.name, a.class, a.lifecycle, a.authority_id, a.cpp_id, a.locality_id, a.decile, a.address, a.postcode, a.uprn,
       a.easting, a.northing, a.lat, a.lon, a.part_of, p.id as plan_id, p.method, p.stage, p.planned_on,
       coalesce(p.planned_on, 'infinity'::date) as sort_on
  from asset as a
  left join disposal_plan as p on p.asset_id = a.id and p.method <> 'NONE'
 where a.removed_at is null and a.lifecycle <> 'DISPOSED'
   and (p.id is not null
	or exists (select from request as r join request_state as s on s.code = r.state and s.is_open where r.asset_id = a.id));

-- Those within so many metres of an asset, and those on its site: part of it or it of them, with its UPRN, confirmed by an
-- officer to overlap it, or within 10 metres. At most 20, those on the site first, then the nearest.
create function planned_beside(asset text, metres int) returns json
	language sql stable
as $$
	with place as (
		select a.id, a.authority_id, a.uprn, a.part_of, point(a.easting, a.northing) as at from asset as a where a.id = asset
	), near as (
		select x.id from place as p, asset as x
		 where x.easting is not null and point(x.easting, x.northing) <@ circle(p.at, metres)
		union select x.id from place as p, asset as x where x.uprn = p.uprn
		union select x.id from place as p, asset as x where x.part_of = p.id or x.id = p.part_of
		union select q.other_id from land_pair as q where q.state = 'CONFIRMED' and q.asset_id = asset
		union select q.asset_id from land_pair as q where q.state = 'CONFIRMED' and q.other_id = asset
	), measured as (
		select o.*, w.name as authority_name, p.authority_id as of_authority, round((point(o.easting, o.northing) <-> p.at)::numeric)::bigint as distance,
		       case when o.part_of = p.id or p.part_of = o.id then 'PART' when o.uprn = p.uprn then 'UPRN'
			    when exists (select from land_pair as q where q.state = 'CONFIRMED'
				and q.asset_id = least(o.id::text, asset) and q.other_id = greatest(o.id::text, asset)) then 'PAIR'
			    when (point(o.easting, o.northing) <-> p.at) <= 10 then 'PLACE' end as same_site
		  from near as n
		  join planned_asset as o on o.id = n.id
		  join authority as w on w.id = o.authority_id
		 cross join place as p
		 where o.id <> asset
	)
	select coalesce(json_agg(json_build_object('asset_id', m.id, 'name', m.name, 'authority_id', m.authority_id, 'authority_name', m.authority_name,
		'is_other_partner', m.authority_id <> m.of_authority, 'distance_m', m.distance, 'same_site', m.same_site,
		'method', m.method, 'planned_on', m.planned_on) order by m.same_site is null, m.distance nulls first, m.id), '[]')
	  from (select * from measured order by same_site is null, distance nulls first, id limit 20) as m
$$;

-- Sites of a partnership on which several public bodies hold land, planned or not: by a common UPRN, as parts of one asset, by an
-- overlap that an officer has confirmed, within 10 metres of each other, or as owners of one asset. At most 50, those with a request first.
create function cpp_sites(cpp text) returns json
	language sql stable
as $$
	with held as materialized (
		select a.id::text, a.uprn::text, coalesce(a.part_of, a.id)::text as whole, a.authority_id::text, a.easting, a.northing
		  from asset as a where a.cpp_id = cpp and a.removed_at is null and a.lifecycle <> 'DISPOSED'
	), member as (
		select 'UPRN' as same_site, h.uprn as site, h.id from held as h where h.uprn is not null
		union select 'PART', h.whole, h.id from held as h
		union select 'OWNERS', o.asset_id::text, o.asset_id::text from asset_owner as o join held as h on h.id = o.asset_id
		union select 'PAIR', q.asset_id || '/' || q.other_id, unnest(array[q.asset_id::text, q.other_id::text])
		  from land_pair as q join held as h on h.id = q.asset_id join held as k on k.id = q.other_id where q.state = 'CONFIRMED'
		union select 'PLACE', h.id, unnest(array[h.id, x.id::text])
		  from held as h join asset as x on x.easting is not null and point(x.easting, x.northing) <@ circle(point(h.easting, h.northing), 10)
		 where h.easting is not null and x.id::text > h.id and x.cpp_id = cpp and x.removed_at is null and x.lifecycle <> 'DISPOSED'
		   and x.authority_id <> h.authority_id
	), whose as (
		select m.*, w.authority_id from member as m
		 cross join lateral (select h.authority_id from held as h where h.id = m.id
			union select o.owner_id::text from asset_owner as o where o.asset_id = m.id) as w
	), site as (
		select s.same_site, array_agg(distinct s.id order by s.id) as ids, array_agg(distinct s.authority_id order by s.authority_id) as bodies,
		       exists (select from request as r join request_state as t on t.code = r.state and t.is_open
			where r.asset_id::text = any (array_agg(s.id))) as is_asked
		  from whose as s group by s.same_site, s.site having count(distinct s.authority_id) > 1
	), once as (
		select distinct on (ids) same_site, ids, bodies, is_asked from site
		 order by ids, array_position(array['OWNERS', 'PART', 'UPRN', 'PAIR', 'PLACE'], same_site)
	), shown as (
		select * from once order by is_asked desc, ids limit 50
	)
	select coalesce(json_agg(json_build_object('same_site', s.same_site,
		'authorities', (select json_agg(json_build_object('id', u.id, 'name', u.name) order by u.name, u.id) from authority as u where u.id = any (s.bodies)),
		'assets', (select json_agg(json_build_object('asset_id', a.id, 'name', a.name, 'authority_id', a.authority_id, 'authority_name', u.name,
				'method', p.method, 'planned_on', p.planned_on) order by p.planned_on nulls last, a.name, a.id)
			     from asset as a join authority as u on u.id = a.authority_id
			     left join disposal_plan as p on p.asset_id = a.id and p.method <> 'NONE' where a.id = any (s.ids)),
		'requests', (select coalesce(json_agg(json_build_object('id', r.id, 'reference', r.reference, 'asset_id', r.asset_id, 'authority_id', r.authority_id,
				'state', r.state, 'community_body_name', (select b.name from community_body as b where b.id = r.community_body_id))
				order by r.received_on, r.id), '[]')
			       from request as r join request_state as t on t.code = r.state and t.is_open where r.asset_id = any (s.ids)))
		order by s.is_asked desc, s.ids), '[]')
	  from shown as s
$$;
