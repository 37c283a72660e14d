-- Where the assets lie that a filter keeps: on a map, by public body and by council area.
--
-- As asset_found (0065_list.sql) with its owner's rights, for speed alone, and under the same rule written out: what is
-- published first, which an index answers by itself (asset_spot), then what the actor sees besides.
set local role assetd_owner;
set local search_path = assetd, public;

-- The rows of such a filter as a subquery, to be executed with where the actor is a member, and whether that is everywhere.
create or replace function asset_spot_rows(filter jsonb) returns text
	language sql stable
as $$
	select format('(select id, authority_id, data_zone, easting, northing from asset where removed_at is null and published%1$s
		union all
		select id, authority_id, data_zone, easting, northing from asset where removed_at is null and not published
		   and (authority_id = any ($1) or $2 or exists (select from asset_owner as o where o.asset_id = asset.id and o.owner_id = any ($1)))%1$s)',
		item_condition(filter, true))
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
-- (item_condition_place), which for land of a council in another one's area is both. And how many of them have a place, with squares of
-- so many metres (null: none) and how many lie in each: [east, north, number]. One walk counts for both.
drop function if exists asset_tally(jsonb);
drop function if exists asset_squares(jsonb, int);
create or replace function asset_glance_text(source text, cell int) returns text
	language sql stable
as $$
	select format($q$
		with n as materialized (
			select authority_id, data_zone, x, y, count(*) as number
			  from (select authority_id, data_zone, easting / %2$L::int as x, northing / %2$L::int as y from %1$s as s) as s
			 group by grouping sets ((authority_id, data_zone), (x, y))),
		area as (
			select c.code, sum(n.number)::bigint as number
			  from n
			  join authority as a on a.id = n.authority_id
			  left join data_zone as z on z.code = n.data_zone
			 cross join lateral (select z.council_code where z.council_code is not null
				union select a.code where a.kind = 'COUNCIL') as c (code)
			 group by c.code),
		body as (select authority_id, sum(number)::bigint as number from n where authority_id is not null group by authority_id),
		square as (select x, y, number from n where authority_id is null and x is not null)
		select json_build_object(
			'tally', json_build_object(
				'total', (select coalesce(sum(number), 0) from body),
				'bodies', (select coalesce(json_agg(json_build_object('id', authority_id, 'assets_count', number)), '[]') from body),
				'areas', (select coalesce(json_agg(json_build_object('code', code, 'assets_count', number) order by code), '[]') from area)),
			'map', json_build_object(
				'placed', (select coalesce(sum(number), 0) from square),
				'squares', (select coalesce(json_agg(json_build_array(x, y, number) order by y desc, x), '[]') from square)))$q$,
		source, cell)
$$;

create or replace function asset_glance(filter jsonb, cell int) returns json
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
as $$
declare
	glance json;
begin
	execute asset_glance_text(asset_spot_rows(filter), cell) into glance using actor_in('member'), actor_everywhere('member');
	return glance;
end
$$;

-- The same of a day as it was known at a moment. No index counts the past, so they are read one by one: null where they are more than `most`.
create or replace function asset_glance_at(filter jsonb, cell int, day date, moment timestamptz, most int) returns json
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
			 where asset_was_shown(w.id, f.authority_id, $2, $3))$q$, cell)
			into glance using ids, day, moment;
	end if;
	return glance;
end
$$;

-- In whose area a request is: where its asset lies, or else that of the council that it was made to.
create or replace function request_council(asset text, authority text) returns text
	language sql stable
as $$
	select coalesce((select z.council_code from asset as a join data_zone as z on z.code = a.data_zone where a.id = asset),
		(select c.code from authority as c where c.id = authority and c.kind = 'COUNCIL'))
$$;
