-- Where the assets lie that a filter keeps: on a map, by public body and by council area.
--
-- As asset_found (0065_list.sql) with its owner's rights, for speed alone, and under the same rule written out: what is
-- published first, which an index answers by itself (asset_spot), then what the actor sees besides.
set local role assetd_owner;
set local search_path = assetd, public;

-- The rows of such a filter as a subquery, to be executed with where the actor is a member, and whether that is everywhere.
--
-- Of a council's area the index is not walked whole: all of the council's own land, and of every other body the stretch between the first
-- and the last of the area's zones, whose codes follow one another (and where they do not, more is looked at and left out).
create or replace function asset_spot_rows(filter jsonb) returns text
	language plpgsql stable
as $$
declare
	shown  constant text := 'select id, authority_id, data_zone, easting, northing from asset where removed_at is null and ';
	narrow constant text := item_condition(filter, true);
	-- What the index has in it besides.
	others constant text := item_condition(filter - 'council', true);
	codes  constant text[] := array(select jsonb_array_elements_text(filter -> 'council'));
begin
	return '(' || case when filter ? 'council' and filter - '{council,class,tenure,lifecycle,decile,cpp_id,locality_id}'::text[] = '{}'
		then format($q$%1$s published and authority_id = any (array(select c.id from authority as c where c.kind = 'COUNCIL' and c.code = any (%2$L)))%3$s
			union all
			select x.*
			  from (select z.council_code, min(z.code) as low, max(z.code) as high from data_zone as z where z.council_code = any (%2$L) group by 1) as area
			  join authority as u on not (u.kind = 'COUNCIL' and u.code = any (%2$L))
			 cross join lateral (%1$s published and authority_id = u.id and data_zone between area.low and area.high%3$s offset 0) as x
			  join data_zone as z on z.code = x.data_zone and z.council_code = area.council_code$q$, shown, codes, others)
		else shown || 'published' || narrow end
		|| format(' union all %s not published and (authority_id = any ($1) or $2
			or exists (select from asset_owner as o where o.asset_id = asset.id and o.owner_id = any ($1)))%s)', shown, narrow);
end
$$;

-- Each by itself where they are no more than `most`; else how many lie in each square of so many metres, at their middle.
create or replace function asset_spots(filter jsonb, cell int, most int)
	returns table (id text, easting int, northing int, number bigint)
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
as $$
declare
	source constant text := asset_spot_rows(filter);
	found  bigint;
begin
	execute format('select count(*) from (select from %s as s where easting is not null limit %s) as n', source, most + 1)
		into found using actor_in('member'), actor_everywhere('member');
	if found <= most then
		return query execute format('select id::text, easting, northing, 1::bigint from %s as s where easting is not null', source)
			using actor_in('member'), actor_everywhere('member');
	else
		return query execute format('select null::text, avg(easting)::int, avg(northing)::int, count(*)
			from %s as s where easting is not null group by easting / %s, northing / %2$s', source, cell)
			using actor_in('member'), actor_everywhere('member');
	end if;
end
$$;

-- How many there are: of all, of each public body, and of each council's area as the filter `council` finds them
-- (item_condition_place), which for land of a council in another one's area is both. And how many of them have a place, with the squares
-- that they lie in, [east, north, number], `side` metres wide: `cell` (null: none), or that doubled until there are at most `squares`. One
-- walk counts for both.
drop function if exists asset_tally(jsonb);
drop function if exists asset_squares(jsonb, int);
drop function if exists asset_glance(jsonb, int);
drop function if exists asset_glance_text(text, int);
drop function if exists asset_glance_at(jsonb, int, date, timestamptz, int);
create or replace function asset_glance_text(source text, cell int, squares int) returns text
	language plpgsql immutable
as $$
begin
	return format($q$
		with recursive n as materialized (
			select authority_id, data_zone, x, y, count(*) as number
			  from (select authority_id, data_zone, easting / %2$L::int as x, northing / %2$L::int as y from %1$s as s) as s
			 group by grouping sets ((authority_id, data_zone), (x, y))),
		whose as materialized (
			select n.authority_id, z.council_code, sum(n.number)::bigint as number
			  from n left join data_zone as z on z.code = n.data_zone where n.authority_id is not null group by 1, 2),
		area as (
			select c.code, sum(w.number)::bigint as number
			  from whose as w
			  join authority as a on a.id = w.authority_id
			 cross join lateral (select w.council_code where w.council_code is not null
				union select a.code where a.kind = 'COUNCIL') as c (code)
			 group by c.code),
		body as (select authority_id, sum(number)::bigint as number from whose group by authority_id),
		fine as materialized (select x, y, number from n where authority_id is null and x is not null),
		-- So many at least, since a square of times the width holds no more than times² of these.
		level (times) as (
			select min(t) from unnest('{1,2,4,8,16,32,64,128}'::int[]) as t where t * t * %3$L::int >= (select count(*) from fine)
			union all
			select times * 2 from level where (select count(*) from (select distinct x / times, y / times from fine) as f) > %3$L::int),
		coarse as materialized (select max(times) as times from level),
		square as (select x / times as x, y / times as y, sum(number)::bigint as number from fine cross join coarse group by 1, 2)
		select json_build_object(
			'tally', json_build_object(
				'total', (select coalesce(sum(number), 0) from body),
				'bodies', (select coalesce(json_agg(json_build_object('id', authority_id, 'assets_count', number)), '[]') from body),
				'areas', (select coalesce(json_agg(json_build_object('code', code, 'assets_count', number) order by code), '[]') from area)),
			'map', json_build_object(
				'placed', (select coalesce(sum(number), 0) from fine),
				'side', (select %2$L::int * times from coarse),
				'squares', (select coalesce(json_agg(json_build_array(x, y, number) order by y desc, x), '[]') from square)))$q$,
		source, cell, squares);
end
$$;

create or replace function asset_glance(filter jsonb, cell int, squares int) returns json
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
as $$
declare
	glance json;
begin
	execute asset_glance_text(asset_spot_rows(filter), cell, squares) into glance using actor_in('member'), actor_everywhere('member');
	return glance;
end
$$;

-- The same of a day as it was known at a moment. No index counts the past, so they are read one by one: null where they are more than `most`.
create or replace function asset_glance_at(filter jsonb, cell int, squares int, day date, moment timestamptz, most int) returns json
	language plpgsql stable
as $$
declare
	glance json;
	ids    text[];
begin
	select coalesce(array_agg(w.id), '{}') into ids from asset_found_at(filter, 'id', null, most + 1, day, moment) as w;
	if cardinality(ids) <= most then
		execute asset_glance_text($q$(select f.authority_id, f.body ->> 'data_zone' as data_zone, (f.body ->> 'easting')::int as easting,
				(f.body ->> 'northing')::int as northing
			  from unnest($1) as w (id)
			  join fact as f on f.subject = w.id and f.part = 'asset' and f.valid @> $2 and f.known @> $3 and f.body is not null
			 where asset_was_shown(w.id, f.authority_id, $2, $3))$q$, cell, squares)
			into glance using ids, day, moment;
	end if;
	return glance;
end
$$;

-- What was an authority's, or lay in a locality (one of the two), on a day as known at a moment, of what the actor may see: as
-- asset_found_at() finds it (0062_as_at.sql), but by what has an index of then itself, since whoever counts wants all of them.
create or replace function asset_rows_at(authority text, locality text, day date, moment timestamptz)
	returns table (id text, authority_id text, class text, lifecycle text, decile int)
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
as $$
declare
	-- No index holds both what has an end and what has none. Of a locality ends are compared one by one: see asset_found_at().
	last_ constant text := 'upper_inf(f.known) and upper_inf(f.valid) and lower(f.valid) <= $3 and lower(f.known) <= $4';
	past  constant text := 'not (upper_inf(f.known) and upper_inf(f.valid)) and f.valid @> $3 and f.known @> $4';
	then_ constant text := $q$lower(f.valid) <= $3 and lower(f.known) <= $4 and (upper_inf(f.valid) or upper(f.valid) > $3)
		and (upper_inf(f.known) or upper(f.known) > $4)$q$;
	found constant text := $q$select f.subject::text, f.authority_id::text, f.body ->> 'class', f.body ->> 'lifecycle', (f.body ->> 'decile')::int
		  from fact as f
		 where f.part = 'asset' and f.body is not null and %s and f.body ->> 'removed_at' is null
		   and (f.published and f.body ->> 'published' = 'true' or f.authority_id = any ($1) or $2
			or exists (select from asset_owner as o where o.asset_id = f.subject and o.owner_id = any ($1)))$q$;
begin
	return query execute case when locality is null
		then format(found, format('f.authority_id = %L and ', authority) || last_) || ' union all '
			|| format(found, format('f.authority_id = %L and ', authority) || past)
		else format(found, format($q$f.body ->> 'locality_id' = %L and $q$, locality) || then_) end
		using actor_in('member'), actor_everywhere('member'), day, moment;
end
$$;

-- In whose area a request is: where its asset lies, or else that of the council that it was made to.
create or replace function request_council(asset text, authority text) returns text
	language sql stable
as $$
	select coalesce((select z.council_code from asset as a join data_zone as z on z.code = a.data_zone where a.id = asset),
		(select c.code from authority as c where c.id = authority and c.kind = 'COUNCIL'))
$$;
