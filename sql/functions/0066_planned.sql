-- Which plans of a partnership come next, what is planned beside one, and which of its sites are several bodies': ids alone.
--
-- With their owner's rights, for speed alone, as asset_found (0065_list.sql) is: under the row policies a search for places has no
-- index. What each looks at goes through land_seen, and who reads the rows themselves is under the policies. Each keeps its plan: to make
-- one took as long as its work.
set local role assetd_owner;
set local search_path = assetd, public;

-- An asset that is neither gone nor disposed of, where the actor may know of it: the rule of SELECT on asset (policies/0010_policies.sql),
-- which plans and requests share, since authority and publication come down to them from the asset. Written as a query, so that
-- it becomes part of the statement that asks.
create or replace function land_seen(asset text) returns setof asset
	language sql stable
as $$
	select a.* from asset as a
	 where a.id = asset and a.removed_at is null and a.lifecycle <> 'DISPOSED'
	   and (a.published or a.authority_id = any ((select actor_in('member'))::text[]) or (select actor_everywhere('member'))
		or exists (select from asset_owner as o where o.asset_id = a.id and o.owner_id = any ((select actor_in('member'))::text[])))
	offset 0
$$;

-- … that there is a plan for, or an open request.
create or replace function land_planned(asset text) returns setof asset
	language sql stable
as $$
	select a.* from land_seen(asset) as a
	 where exists (select from disposal_plan as p where p.asset_id = a.id and p.method <> 'NONE')
	    or exists (select from request as r join request_state as s on s.code = r.state and s.is_open where r.asset_id = a.id)
	offset 0
$$;

-- The next of a partnership's plans and open requests, as the view planned_asset has them (views/0061_plans.sql), in the order of day and id,
-- those without a plan last. Of a body with much land there its plans are walked in their order until enough came by; of one
-- with little, whose plans may nearly all be elsewhere, and of a locality, all are looked at. `offset 0` keeps a probe of an index one.
create or replace function planned_found(cpp text, from_on date, until_on date, authority text, locality text, after_on date, after_id text, take int)
	returns table (id text, sort_on date)
	language plpgsql stable security definer rows 100
	set search_path = assetd, pg_temp
	set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	little  constant int := 500;
	last_on constant date := case when after_id is null then '-infinity' else coalesce(after_on, 'infinity') end;
	last_id constant text := coalesce(after_id, '');
	low     constant date := greatest(from_on, last_on);
	high    constant date := coalesce(until_on, 'infinity');
begin
	return query
	with body as materialized (
		select u.id, n.held
		  from authority as u
		 cross join lateral (select count(*) as held from (select from asset as a where a.cpp_id = cpp and a.authority_id = u.id
			and a.removed_at is null and a.lifecycle <> 'DISPOSED' limit little + 1) as a) as n
		 where locality is null and (authority is null or u.id = authority) and n.held > 0
	), other as (
		select a.id from body as b cross join lateral (select a.id from asset as a where a.cpp_id = cpp and a.authority_id = b.id
			and a.removed_at is null and a.lifecycle <> 'DISPOSED' offset 0) as a where b.held <= little
		union all select a.id from asset as a where a.locality_id = locality
		union all select o.asset_id from asset_owner as o where locality is null and o.owner_id = authority and o.owner_id <> o.authority_id
	), planned (id, day) as (
		select p.asset_id, p.planned_on
		  from body as b
		 cross join lateral (
			select p.asset_id, p.planned_on
			  from disposal_plan as p cross join lateral land_seen(p.asset_id) as a
			 where p.authority_id = b.id and p.method <> 'NONE' and p.planned_on between low and high
			   and (p.planned_on, p.asset_id::text) > (last_on, last_id) and a.cpp_id = cpp
			 order by p.planned_on, p.asset_id limit take) as p
		 where b.held > little
		union all
		select o.id, p.planned_on
		  from other as o
		 cross join lateral (select p.planned_on from disposal_plan as p where p.asset_id = o.id and p.method <> 'NONE' offset 0) as p
		 where p.planned_on between low and high
		union all
		select r.id, date 'infinity'
		  from (select distinct r.asset_id as id from request as r join request_state as s on s.code = r.state and s.is_open) as r
		  left join lateral (select p.id from disposal_plan as p where p.asset_id = r.id and p.method <> 'NONE' offset 0) as p on true
		 where from_on is null and r.id is not null and p.id is null
	)
	select p.id::text, p.day
	  from planned as p cross join lateral land_seen(p.id) as a
	 where (p.day, p.id::text) > (last_on, last_id) and a.cpp_id = cpp and (locality is null or a.locality_id = locality)
	   and (authority is null or a.authority_id = authority
		or exists (select from asset_owner as o where o.asset_id = a.id and o.owner_id = authority
			and (o.published or (select actor_everywhere('member'))
				or array[o.authority_id, o.owner_id]::text[] && (select actor_in('member'))::text[])))
	 order by p.day, p.id limit take;
end
$$;

-- What is planned beside each of these assets: within so many metres, or on its site: part of it or it of that, with its UPRN, confirmed by
-- an officer to overlap it, or within 10 metres. At most 20 of each, those on the site first, then the nearest. One statement for
-- all, for to begin one costs as much as it does.
create or replace function planned_near(assets text[], metres int) returns table (of_id text, id text, same_site text, apart float8)
	language plpgsql stable security definer rows 1000
	set search_path = assetd, pg_temp
	set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
	return query
	select its.id::text, n.*
	  from unnest(assets) as w (id)
	 cross join lateral land_seen(w.id) as its
	 cross join lateral (
		with pair (id) as (
			select case q.asset_id when its.id then q.other_id::text else q.asset_id::text end from land_pair as q
			 where its.id in (q.asset_id, q.other_id) and q.state = 'CONFIRMED' and ((select actor_everywhere('member'))
				or array[q.authority_id, q.foreign_authority_id]::text[] && (select actor_in('member'))::text[])
		), other (id) as (
			(select x.id::text from asset as x cross join lateral land_planned(x.id) as a
			  where x.easting is not null and point(x.easting, x.northing) <@ circle(point(its.easting, its.northing), metres) and x.id <> its.id
			  order by point(x.easting, x.northing) <-> point(its.easting, its.northing), x.id limit 20)
			union select x.id from asset as x where x.uprn = its.uprn
			union select x.id from asset as x where x.part_of = its.id
			union select its.part_of
			union select p.id from pair as p
		), found as (
			select a.id::text, point(a.easting, a.northing) <-> point(its.easting, its.northing) as apart,
			       a.part_of = its.id or its.part_of = a.id as is_part, a.uprn = its.uprn as is_uprn, a.id::text in (select p.id from pair as p) as is_pair
			  from other as o cross join lateral land_planned(o.id) as a where a.id <> its.id
		), told as (
			select f.id, case when f.is_part then 'PART' when f.is_uprn then 'UPRN' when f.is_pair then 'PAIR' when f.apart <= 10 then 'PLACE' end as same_site, f.apart
			  from found as f
		)
		select t.id, t.same_site, t.apart from told as t order by t.same_site is null, t.apart nulls first, t.id limit 20) as n;
end
$$;

-- Sites of a partnership on which several public bodies hold land (cpp_sites, views/0061_plans.sql): why, which land, whose, and whether it is
-- asked for. At most 50, those asked for first.
--
-- Such a site has land of a body that is not the one with most of it there, or land with a second owner: from these few it looks around.
create or replace function cpp_sites_found(cpp text)
	returns table (same_site text, ids text[], bodies text[], is_asked boolean)
	language plpgsql stable security definer rows 50
	set search_path = assetd, pg_temp
	set plan_cache_mode = force_generic_plan
	set enable_seqscan = off
as $$
#variable_conflict use_column
declare
	main constant text := (select a.authority_id from asset as a
		where a.cpp_id = cpp and a.removed_at is null and a.lifecycle <> 'DISPOSED' group by a.authority_id order by count(*) desc limit 1);
begin
	return query
	with joint as materialized (
		select a.*
		  from (select distinct h.id from asset_owner as o join asset as h on h.id = o.asset_id
			 where o.owner_id <> o.authority_id and h.cpp_id = cpp and h.removed_at is null and h.lifecycle <> 'DISPOSED') as j
		 cross join lateral (select a.id, a.uprn::text, coalesce(a.part_of, a.id)::text as whole from asset as a where a.id = j.id offset 0) as a
	), lesser as materialized (
		select a.*
		  from authority as u
		 cross join lateral (select a.id, a.authority_id, a.uprn::text, a.easting, a.northing from asset as a
			where a.cpp_id = cpp and a.authority_id = u.id and a.removed_at is null and a.lifecycle <> 'DISPOSED' offset 0) as a
		 where u.id <> main
	), close as materialized (
		select distinct least(l.id::text, x.id::text) as first, greatest(l.id::text, x.id::text) as second
		  from lesser as l
		 cross join lateral (select x.id from asset as x where x.easting is not null and x.authority_id <> l.authority_id
			and point(x.easting, x.northing) <@ circle(point(l.easting, l.northing), 10) offset 0) as x
	), pair as materialized (
		select q.asset_id::text as first, q.other_id::text as second from land_pair as q
		 where q.state = 'CONFIRMED' and ((select actor_everywhere('member'))
			or array[q.authority_id, q.foreign_authority_id]::text[] && (select actor_in('member'))::text[])
	), named (id) as (
		select j.id::text from joint as j
		union select x.id from (select j.uprn from joint as j union select l.uprn from lesser as l) as u
		 cross join lateral (select x.id::text from asset as x where x.uprn = u.uprn offset 0) as x
		union select j.whole from joint as j
		union select x.id from joint as j cross join lateral (select x.id::text from asset as x where x.part_of = j.whole offset 0) as x
		union select unnest(array[c.first, c.second]) from close as c
		union select unnest(array[p.first, p.second]) from pair as p
	), held as materialized (
		select a.id::text, a.uprn::text, coalesce(a.part_of, a.id)::text as whole, a.authority_id::text
		  from named as n cross join lateral land_seen(n.id) as a where a.cpp_id = cpp
	), whose as materialized (
		select h.id, h.authority_id as body from held as h
		union
		select h.id, o.owner_id::text
		  from held as h cross join lateral (select o.* from asset_owner as o where o.asset_id = h.id offset 0) as o
		 where o.published or (select actor_everywhere('member'))
		    or array[o.authority_id, o.owner_id]::text[] && (select actor_in('member'))::text[]
	), member (same_site, site, id) as (
		select 'UPRN', h.uprn, h.id from held as h where h.uprn is not null
		union select 'PART', h.whole, h.id from held as h
		union select 'OWNERS', h.id, h.id from held as h
		union select 'PAIR', p.first || '/' || p.second, unnest(array[p.first, p.second])
		  from pair as p join held as h on h.id = p.first join held as k on k.id = p.second
		union select 'PLACE', c.first, unnest(array[c.first, c.second])
		  from close as c join held as h on h.id = c.first join held as k on k.id = c.second
	), site as (
		select m.same_site, array_agg(distinct m.id order by m.id) as ids, array_agg(distinct w.body order by w.body) as bodies
		  from member as m join whose as w on w.id = m.id
		 group by m.same_site, m.site having count(distinct w.body) > 1
	), once as (
		select distinct on (s.ids) s.same_site, s.ids, s.bodies,
		       exists (select from request as r join request_state as t on t.code = r.state and t.is_open where r.asset_id = any (s.ids)) as is_asked
		  from site as s order by s.ids, array_position(array['OWNERS', 'PART', 'UPRN', 'PAIR', 'PLACE'], s.same_site)
	)
	select * from once as o order by o.is_asked desc, o.ids limit 50;
end
$$;
