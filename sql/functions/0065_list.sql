-- Lists of items: which, in what order, after which one, at most how many, and what of each.
set local role assetd_owner;
set local search_path = assetd, public;

drop function if exists item_list(text, jsonb, text, int);

-- What a text has to be like to hold each of these words, wherever it stands (LIKE patterns).
create or replace function word_patterns(words text) returns text[]
	language sql immutable parallel safe strict
as $$
	select array_agg('%' || replace(replace(replace(fold(w), '\', '\\'), '%', '\%'), '_', '\_') || '%')
	  from regexp_split_to_table(words, '\s+') as w where w <> ''
$$;

-- The condition that a column called `search` is like each of them.
create or replace function like_all(patterns text[]) returns text
	language sql immutable parallel safe strict
as $$
	select coalesce(string_agg(format('search like %L', p), ' and '), 'true') from unnest(patterns) as p
$$;

-- The ids of assets in which each pattern is found (null: any) and which stand inside the circle
-- (null: anywhere), of those that the actor may see, at most `most` in no order.
--
-- With its owner's rights, for speed alone: under a row policy PostgreSQL tries LIKE and <@ on every
-- row of the table, since these could tell of hidden rows, and so leaves their indexes aside. Here the
-- indexes find rows, and the rule of SELECT on asset (policies/0010_policies.sql), written out, picks
-- those of the actor; a test compares the two.
create or replace function asset_found(patterns text[], place circle, most int) returns text[]
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
as $$
declare
	ids text[];
begin
	execute format('select array(select a.id::text from asset as a where a.removed_at is null and %s%s
		and (a.published or a.authority_id = any ($1) or $2
		     or exists (select from asset_owner as o where o.asset_id = a.id and o.owner_id = any ($1)))
		limit %s)', coalesce(like_all(patterns), 'true'),
		case when place is not null then format(' and a.easting is not null and point(a.easting, a.northing) <@ %L::circle', place)
			else '' end, most)
	   into ids using actor_in('member'), actor_everywhere('member');
	return ids;
end
$$;

-- A filter as a condition on the item's view: {"COLUMN": ["value", …]}, {"COLUMN[gte]": ["value"]}, and q
-- (words, each to be found), near ({easting, northing, metres}) and updated_since (a moment). Only
-- names that the daemon's table of lists allows come here.
--
-- Few found assets are named by their ids. What more than 2,000 assets have is found soon by going
-- through them in order.
create or replace function item_condition(kind text, filter jsonb) returns text
	language plpgsql stable
as $$
declare
	few       constant int := 2000;
	patterns  constant text[] := word_patterns(filter -> 'q' ->> 0);
	place     constant circle := case when filter ? 'near' then circle(point((filter -> 'near' ->> 'easting')::int,
		(filter -> 'near' ->> 'northing')::int), (filter -> 'near' ->> 'metres')::int) end;
	condition text := '';
	ids       text[];
	k         text;
	v         jsonb;
begin
	if kind = 'ast' and num_nulls(patterns, place) < 2 then
		ids := asset_found(patterns, place, few + 1);
	end if;
	if cardinality(ids) <= few then
		condition := format(' and id = any (%L::text[])', ids);
	else
		condition := coalesce(' and ' || like_all(patterns), '') || case when place is null then '' else
			format(' and easting is not null and point(easting, northing) <@ %L::circle', place) end;
	end if;
	for k, v in select * from jsonb_each(filter - '{q,near}'::text[]) loop
		condition := condition || case
			when k = 'updated_since' then format(' and updated_at >= %L', v ->> 0)
			when k like '%[%]' then format(' and %I %s %L', split_part(k, '[', 1),
				case split_part(k, '[', 2) when 'gt]' then '>' when 'gte]' then '>=' when 'lt]' then '<' when 'lte]' then '<=' end,
				v ->> 0)
			when k in ('decile', 'published', 'is_open') then format(' and %I::text = any (%L::text[])', k,
				array(select jsonb_array_elements_text(v)))
			else format(' and %I = any (%L::text[])', k, array(select jsonb_array_elements_text(v)))
			end;
	end loop;
	return condition;
end
$$;

-- Of an item only the members named, in its own order, and its id.
-- AS012 the item has no such member.
create or replace function item_fields(body text, fields text[]) returns text
	language plpgsql immutable parallel safe
as $$
declare
	restricted constant jsonb := coalesce(body::jsonb -> 'restricted_fields', '[]');
begin
	if not (select bool_and(body::jsonb ? f or restricted ? f) from unnest(fields) as f) then
		raise exception 'an item has no such field' using errcode = 'AS012';
	end if;
	return (select json_object_agg(key, value)::text from json_each(body::json) where key = 'id' or key = any (fields));
end
$$;

-- Items of a kind. sort: a column of the view that is never null, downwards behind a minus; the id always
-- comes last, upwards. after: the sort key and the id of the item before; null for the first page.
-- fields: see item_fields; null: whole items. key: what `after` takes.
--
-- The text is built anew for each call, so that the planner sees which filters there are.
create or replace function item_list(kind text, filter jsonb, sort text, after text[], fields text[], take int)
	returns table (body text, key text, id text)
	language plpgsql stable
as $$
declare
	col  constant text := quote_ident(ltrim(sort, '-'));
	down constant boolean := starts_with(sort, '-');
	seek text := '';
begin
	if after is not null then
		seek := case
			when col = 'id' then format(' and id %s %L', case when down then '<' else '>' end, after[2])
			when down then format(' and %1$s <= %2$L and (%1$s < %2$L or id > %3$L)', col, after[1], after[2])
			else format(' and (%s, id) > (%L, %L)', col, after[1], after[2]) end;
	end if;
	return query execute format('select %s, %s::text, id::text from %I where not gone%s%s order by %s%s limit %s',
		case when fields is null then 'body' else format('item_fields(body, %L)', fields) end, col, item_view(kind),
		item_condition(kind, filter), seek, col || case when down then ' desc' else '' end,
		case when col = 'id' then '' else ', id' end, take);
end
$$;
