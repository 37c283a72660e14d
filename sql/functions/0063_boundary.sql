-- Boundaries of assets propose pairs of land that may overlap; officers decide (statute 5.3). Nothing
-- here bars anything: what counts as overlap is 0064_land.sql's.
set local role assetd_owner;
set local search_path = assetd, public;

-- The rings of a boundary as polygons of PostgreSQL, in metres true enough to compare neighbours by.
-- `inwards` moves the lines of outlines so far into the land: fields that share a fence would else overlap, as
-- PostgreSQL has it. Corners of less than some 35 degrees are not moved all the way.
create or replace function boundary_rings(boundary jsonb, inwards float8)
	returns table (polygon_number int, ring_number int, ring polygon)
	language sql immutable parallel safe
as $$
	with corner as (
		select g.n as polygon_number, r.n as ring_number, p.n, (p.at ->> 0)::float8 * 60600 as x, (p.at ->> 1)::float8 * 111300 as y
		  from jsonb_array_elements(case boundary ->> 'type' when 'Polygon' then jsonb_build_array(boundary -> 'coordinates')
			else boundary -> 'coordinates' end) with ordinality as g (rings, n),
		       jsonb_array_elements(g.rings) with ordinality as r (points, n),
		       jsonb_array_elements(r.points) with ordinality as p (at, n)
		 where p.n > 1 -- which the last one is too
	), side as ( -- from each corner to the next, of length 1
		select *, (nx - x) / long as ux, (ny - y) / long as uy
		  from (select *, coalesce(lead(x) over w, first_value(x) over w) as nx, coalesce(lead(y) over w, first_value(y) over w) as ny
			  from corner window w as (partition by polygon_number, ring_number order by n)) as c
		 cross join lateral (select sqrt((nx - x) ^ 2 + (ny - y) ^ 2) as long) as l
	), turned as ( -- and with the one before it
		select *, coalesce(lag(ux) over w, last_value(ux) over all_of) as px, coalesce(lag(uy) over w, last_value(uy) over all_of) as py
		  from side window w as (partition by polygon_number, ring_number order by n),
			all_of as (partition by polygon_number, ring_number order by n rows between unbounded preceding and unbounded following)
	)
	select polygon_number::int, ring_number::int, ('(' || string_agg(format('(%s,%s)',
		x - case ring_number when 1 then inwards else 0 end * (uy + py) / greatest(1 + ux * px + uy * py, 0.2),
		y + case ring_number when 1 then inwards else 0 end * (ux + px) / greatest(1 + ux * px + uy * py, 0.2)), ',' order by n) || ')')::polygon
	  from turned group by polygon_number, ring_number
$$;

-- Do two boundaries have land in common, more than a strip of a metre along a fence? What lies in a hole has none.
create or replace function boundaries_meet(a jsonb, b jsonb) returns boolean
	language sql immutable parallel safe
as $$
	with ring_a as materialized (select * from boundary_rings(a, 0.5)), ring_b as materialized (select * from boundary_rings(b, 0.5))
	select exists (select from ring_a as one join ring_b as other on other.ring && one.ring
			where one.ring_number = 1 and other.ring_number = 1
			  and not exists (select from ring_a as hole where hole.polygon_number = one.polygon_number
				and hole.ring_number > 1 and hole.ring @> other.ring)
			  and not exists (select from ring_b as hole where hole.polygon_number = other.polygon_number
				and hole.ring_number > 1 and hole.ring @> one.ring))
$$;

-- The assets, at most `most`, whose boundary has land in common with that of `target`, and which neither are parts of it
-- nor it of them: of its own authority, and where both are published of others, so that a pair tells nobody of what he
-- may not know of. With its owner's rights, for the index, as asset_found(); it tells an asset's own authority alone.
create or replace function boundary_met(target text, most int) returns table (asset_id text, authority_id text)
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
as $$
#variable_conflict use_column
declare
	a    asset;
	line text[];
begin
	select * into a from asset as s where s.id = target and s.removed_at is null and s.boundary is not null
		and (s.authority_id = any (actor_in('member')) or actor_everywhere('member'));
	line := array(select o.asset_id from land_overlap(target) as o where o.relation <> 'PAIR');
	return query
	select b.id::text, b.authority_id::text from asset as b
	 where boundary_box(b.boundary) && boundary_box(a.boundary) and b.boundary is not null and b.removed_at is null and b.id <> all (line)
	   and (b.authority_id = a.authority_id or (b.published and a.published))
	   and boundaries_meet(a.boundary, b.boundary)
	 order by b.id limit most;
end
$$;

-- Of which boundaries two assets are compared; the lesser id first.
create or replace function pair_shapes(lesser text, greater text) returns text
	language sql stable
as $$
	select md5(string_agg(coalesce(a.boundary::text, ''), '|' order by a.id)) from asset as a where a.id in (lesser, greater)
$$;

-- A boundary was written, or who may know of it has changed: pairs are proposed for what it meets, and taken back where it meets it no more; what somebody
-- decided stays, but what was rejected of other shapes is asked about once more. One after another in the whole register,
-- so that of two who draw at the same moment the second sees the first.
create or replace function boundary_propose() returns trigger
	language plpgsql
as $$
declare
	most   constant int := 200; -- a boundary that meets more is more likely wrong, and the next one written asks again
	met    text[];
	whose  text[];
begin
	lock table land_pair in share row exclusive mode;
	select coalesce(array_agg(m.asset_id), '{}'), array_agg(m.authority_id) into met, whose from boundary_met(new.id, most) as m;
	delete from land_pair as p
	 where new.id in (p.asset_id, p.other_id) and p.state = 'PROPOSED' and p.source = 'BOUNDARY' and not p.was_rejected
	   and case p.asset_id when new.id then p.other_id else p.asset_id end <> all (met);
	update land_pair as p set version = p.version + 1, state = 'REJECTED', was_rejected = false
	 where new.id in (p.asset_id, p.other_id) and p.was_rejected
	   and case p.asset_id when new.id then p.other_id else p.asset_id end <> all (met);
	-- A pair has one id for good: it follows from the two.
	insert into land_pair as p (id, authority_id, foreign_authority_id, asset_id, other_id, state, source, shapes)
	select 'lpr_' || left(md5(x.lesser || x.greater), 26), x.whose, nullif(x.others, x.whose), x.lesser, x.greater, 'PROPOSED', 'BOUNDARY',
	       pair_shapes(x.lesser, x.greater)
	  from (select least(new.id::text, m.asset_id) as lesser, greatest(new.id::text, m.asset_id) as greater,
		       case when new.id < m.asset_id then new.authority_id::text else m.authority_id end as whose,
		       case when new.id < m.asset_id then m.authority_id else new.authority_id::text end as others
		  from unnest(met, whose) as m (asset_id, authority_id)) as x
	 order by x.lesser, x.greater
	    on conflict (asset_id, other_id) do update set version = p.version + 1, state = 'PROPOSED', was_rejected = true
		where p.state = 'REJECTED' and p.shapes is distinct from excluded.shapes;
	return null;
end
$$;

create or replace trigger propose_first after insert on asset
	for each row when (new.boundary is not null) execute function boundary_propose();
create or replace trigger propose after update of boundary, published, removed_at on asset
	for each row when (num_nulls(old.boundary, new.boundary) < 2 and (new.boundary is distinct from old.boundary
		or new.published <> old.published or new.removed_at is distinct from old.removed_at))
	execute function boundary_propose();
