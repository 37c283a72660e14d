-- Lists of items: which, in what order, after which one, at most how many, and what of each.
set local role assetd_owner;
set local search_path = assetd, public;

drop function if exists item_list(text, jsonb, text, int);
drop function if exists item_list(text, jsonb, text, text[], text[], int);
drop function if exists item_seek(text, text[]);
drop function if exists item_condition(jsonb, boolean);
drop function if exists item_condition_due(text, jsonb);

-- What a text has to be like to hold each of these words, wherever it stands (LIKE patterns). Words that a hyphen joins stand
-- alone, since whoever wrote the text may have left it out: Hall-on-Sea, Hall on Sea.
create or replace function word_patterns(words text) returns text[]
	language sql immutable parallel safe strict
as $$
	select array_agg('%' || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%')
	  from regexp_split_to_table(plain(words), '\s+|(?<=[a-z])-(?=[a-z])') as w where w <> ''
$$;

-- How far an asset lies from the point of `near`, in metres, as an expression over its row.
create or replace function item_distance(near jsonb) returns text
	language plpgsql immutable
as $$
begin
	return format('round((point(easting, northing) <-> point(%s, %s))::numeric, 1)', (near ->> 'easting')::int,
		(near ->> 'northing')::int);
end
$$;

-- Conditions on what is no column of an asset: the council's area it lies in (by its data zone, or because
-- it is that council's), the zone's intermediate zone; a postcode, or with a blank at the end all of a district.
create or replace function item_condition_place(k text, v jsonb) returns text
	language plpgsql stable
as $$
declare
	words constant text[] := array(select jsonb_array_elements_text(v));
begin
	return case k
		when 'council' then format(' and (data_zone in (select z.code from data_zone as z where z.council_code = any (%L::text[]))'
			' or authority_id in (select c.id from authority as c where c.kind = ''COUNCIL'' and c.code = any (%1$L::text[])))', words)
		when 'intermediate_zone' then format(' and data_zone in (select z.code from data_zone as z where z.intermediate_zone = any (%L::text[]))',
			words)
		when 'postcode' then ' and (' || (select string_agg(case when right(w, 1) = ' '
			then format('postcode collate "C" >= %L and postcode collate "C" < %L', w, left(w, -1) || '!')
			else format('postcode collate "C" = %L', w) end, ' or ') from unnest(words) as w) || ')'
		end;
end
$$;

-- A box of degrees, and where it could be worked out the box of the grid around it, which has an index.
create or replace function item_condition_box(box jsonb) returns text
	language plpgsql stable
as $$
begin
	return format(' and lat between %L and %L and lon between %L and %L', box ->> 'south', box ->> 'north', box ->> 'west', box ->> 'east')
		|| case when box ? 'grid' then format(' and easting is not null and point(easting, northing) <@ box(point(%s, %s), point(%s, %s))',
			(box -> 'grid' ->> 0)::int, (box -> 'grid' ->> 1)::int, (box -> 'grid' ->> 2)::int, (box -> 'grid' ->> 3)::int) else '' end;
end
$$;

-- Requests with a date that runs and has come within so many days; or one that was missed: a duty of the authority, or
-- whatever still runs past its day.
create or replace function item_condition_due(k text, v jsonb, today date) returns text
	language plpgsql stable
as $$
declare
	runs constant text := $q$exists (select from jsonb_array_elements(deadlines) as d where d ->> 'state' = 'RUNNING' and %s)$q$;
	late constant text := format($q$is_open and exists (select from jsonb_array_elements(deadlines) as d
		where d ->> 'state' = 'RUNNING' and d ->> 'due_on' < %L or d ->> 'state' = 'MISSED' and d ->> 'whose' = 'AUTHORITY')$q$, today);
begin
	return case
		when k = 'due_within' then ' and is_open and ' || format(runs, format($q$d ->> 'due_on' between %L and %L$q$, today,
			today + (v ->> 0)::int))
		when v ->> 0 = 'true' then ' and ' || late
		else ' and not (' || late || ')' end;
end
$$;

-- A filter as a condition: {"COLUMN": ["value", …]}, {"COLUMN[gte]": ["value"]}, and q (words, each to be
-- found), like (patterns instead), near ({easting, northing, metres}), bbox, updated_since (a moment), own_reference (an asset's,
-- without case) and those of the functions above. Only names that the daemon's table of lists allows come here. by_index false: words are
-- looked for row by row. today: from which dates are near or past.
create or replace function item_condition(filter jsonb, by_index boolean, today date default clock_day()) returns text
	language plpgsql stable
as $$
declare
	held      constant text := case when by_index then ' and search like %L' else ' and search || '''' like %L' end;
	condition text := '';
	k         text;
	v         jsonb;
begin
	for k, v in select * from jsonb_each(filter) loop
		condition := condition || coalesce(case
			when k = 'q' then (select string_agg(format(held, p), '') from unnest(word_patterns(v ->> 0)) as p)
			when k = 'like' then (select string_agg(format(held, p), '') from jsonb_array_elements_text(v) as p)
			when k = 'near' then format(' and easting is not null and point(easting, northing) <@ circle(point(%s, %s), %s)',
				(v ->> 'easting')::int, (v ->> 'northing')::int, (v ->> 'metres')::int)
			when k = 'bbox' then item_condition_box(v)
			when k in ('council', 'intermediate_zone', 'postcode') then item_condition_place(k, v)
			when k = 'either_authority_id' then format(' and (authority_id = any (%L::text[]) or other_authority_id = any (%1$L::text[]))',
				array(select jsonb_array_elements_text(v)))
			when k = 'asset_id' then format(' and asset_id = any (%L::text[])',
				asset_with_merged(array(select jsonb_array_elements_text(v))))
			when k = 'own_reference' then format(' and lower(reference collate "C") = any (%L::text[])',
				array(select lower(r collate "C") from jsonb_array_elements_text(v) as r))
			when k in ('due_within', 'overdue') then item_condition_due(k, v, today)
			when k = 'updated_since' then format(' and updated_at >= %L', v ->> 0)
			when k like '%[%]' then format(' and %I %s %L', split_part(k, '[', 1),
				case split_part(k, '[', 2) when 'gt]' then '>' when 'gte]' then '>=' when 'lt]' then '<' when 'lte]' then '<=' end,
				v ->> 0)
			when k in ('decile', 'published', 'is_open') then format(' and %I::text = any (%L::text[])', k,
				array(select jsonb_array_elements_text(v)))
			when jsonb_array_length(v) = 1 then format(' and %I = %L', k, v ->> 0) -- an index that goes on in the list's order serves
			else format(' and %I = any (%L::text[])', k, array(select jsonb_array_elements_text(v)))
			end, '');
	end loop;
	return condition;
end
$$;

-- What a list is sorted by, as an expression: a column that is never null, or `distance` from the point of `near`.
create or replace function item_sort(sort text, filter jsonb) returns text
	language plpgsql immutable
as $$
begin
	return case when ltrim(sort, '-') = 'distance' then item_distance(filter -> 'near') else quote_ident(ltrim(sort, '-')) end;
end
$$;

-- Where a page of a list begins, as a condition, and its order. col: see item_sort; downwards where the sort has a
-- minus; the id always comes last, upwards. after: the sort key and the id of the item before; null for the first page.
create or replace function item_seek(col text, down boolean, after text[]) returns text
	language plpgsql immutable
as $$
begin
	return case
		when after is null then ''
		when col = 'id' then format(' and id %s %L', case when down then '<' else '>' end, after[2])
		when down then format(' and %1$s <= %2$L and (%1$s < %2$L or id > %3$L)', col, after[1], after[2])
		else format(' and (%s, id) > (%L, %L)', col, after[1], after[2]) end
		|| ' order by ' || col || case when down then ' desc' else '' end || case when col = 'id' then '' else ', id' end;
end
$$;

-- The ids of assets that a filter keeps, of those that the actor may see, in the order of the list, at
-- most `most`, each with its sort key.
--
-- With its owner's rights, for speed alone: under a row policy PostgreSQL tries LIKE and <@ on every
-- row of the table, since these could tell of hidden rows, and so leaves their indexes aside. Here the
-- indexes find rows, and the rule of SELECT on asset (policies/0010_policies.sql), written out, picks
-- those of the actor; a test compares the two, and who reads the items themselves is under the policy.
--
-- Without statistics, which a row policy withholds too, nobody knows how many a word finds. So the list's own order is gone along
-- first, where an index has it: a little way, and where an eighth had the word, until enough came by, or for sixteen times as many rows
-- as are asked for. What is left is found by index, each read once with what it is sorted by, and then put in order. Left to itself
-- PostgreSQL would walk along the order until enough came by, which for names that begin with the word sought is most of the register, or
-- read all of it.
create or replace function asset_found(filter jsonb, sort text, after text[], most int)
	returns table (id text, key text)
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
	set enable_sort = on
as $$
declare
	rule    constant text := 'removed_at is null and (published or authority_id = any ($1) or $2
		or exists (select from asset_owner as o where o.asset_id = asset.id and o.owner_id = any ($1)))';
	col     constant text := item_sort(sort, filter);
	down    constant boolean := starts_with(sort, '-');
	seek    constant text := item_seek(col, down, after);
	of_one  constant text := item_condition(case when jsonb_array_length(filter -> 'authority_id') = 1 then jsonb_only(filter, '{authority_id}')
		else '{}' end, true);
	-- Not for so many that to walk costs what reading all does.
	few     constant int := 500;
	walks   constant int[] := case when filter ?| '{q,like}' and col in ('id', 'name') and most < 5000 then array[few, 16 * most] else '{}' end;
	walk    int;
	ids     text[];
	keys    text[];
begin
	-- Whoever has enough stops: an index scan, which begins at once.
	perform set_config('enable_sort', 'off', true);
	foreach walk in array walks loop
		execute format('select array_agg(x.id::text), array_agg(x.sorted::text)
			  from (select id, %s as sorted from (select * from asset where removed_at is null%s%s limit %s) as asset
				where %s%s%s limit %s) as x',
				col, of_one, seek, walk, rule, item_condition(filter, true), item_seek(col, down, null), most)
			into ids, keys using actor_in('member'), actor_everywhere('member');
		if cardinality(ids) = most then
			return query select * from unnest(ids, keys);
			return;
		end if;
		exit when coalesce(cardinality(ids), 0) * 8 < few;
	end loop;
	perform set_config('enable_sort', 'on', true);
	if filter ?| '{q,like,near,bbox}' then
		return query execute format('select x.id::text as found, x.sorted::text as key from (select id, %s as sorted from asset where %s%s offset 0) as x
			where true%s limit %s', col, rule, item_condition(filter, true), item_seek(case col when 'id' then 'id' else 'sorted' end, down, after), most)
			using actor_in('member'), actor_everywhere('member');
	else
		return query execute format('select id::text, %s::text from asset where %s%s%s limit %s', col, rule, item_condition(filter, false), seek, most)
			using actor_in('member'), actor_everywhere('member');
	end if;
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

-- An item as a feature of GeoJSON (RFC 7946): WGS 84, the boundary of its place or else its point, null where there is neither, the item
-- as its properties.
create or replace function feature_of(body text, place json) returns text
	language plpgsql immutable parallel safe
as $$
begin
	return '{"type":"Feature","id":' || (body::json -> 'id')::text || ',"geometry":'
		|| case when place ->> 'boundary' is not null then (place -> 'boundary')::text
			when place ->> 'lon' is not null then '{"type":"Point","coordinates":[' || (place ->> 'lon') || ',' || (place ->> 'lat') || ']}'
			else 'null' end
		|| ',"properties":' || body || '}';
end
$$;

-- An item that is a place itself.
create or replace function item_feature(body text) returns text
	language sql immutable parallel safe
	return feature_of(body, body::json);

-- A request, where its asset lies: as the reader may see that one, by the row policies. Land that is not listed has no geometry.
create or replace function request_feature(body text, asset text) returns text
	language sql stable
as $$
	select feature_of(body, (select json_build_object('boundary', a.boundary, 'lat', a.lat, 'lon', a.lon)
		from asset as a where a.id = asset and a.removed_at is null))
$$;

-- A feature with only those members among its properties.
create or replace function item_feature_fields(feature text, fields text[]) returns text
	language plpgsql immutable parallel safe
as $$
declare
	whole constant json := feature;
begin
	return '{"type":"Feature","id":' || (whole -> 'id')::text || ',"geometry":' || (whole -> 'geometry')::text
		|| ',"properties":' || item_fields((whole -> 'properties')::text, fields) || '}';
end
$$;

-- Items of a kind that a filter keeps, in an order, after one (item_seek), at most `take`. fields: see
-- item_fields; null: whole items. is_feature: as features of GeoJSON. key: what `after` takes. An item of a search
-- near a point also says how far it lies from it.
--
-- The text is built anew for each call, so that the planner sees which filters there are.
create or replace function item_list(kind text, filter jsonb, sort text, after text[], fields text[], take int, is_feature boolean)
	returns table (body text, key text, id text)
	language plpgsql stable
as $$
declare
	condition text;
	shown     text := 'body';
	col       constant text := item_sort(sort, filter);
begin
	if kind = 'ast' and filter ?| '{q,near,bbox}' then
		condition := format(' and id = any (%L::text[])', array(select f.id from asset_found(filter, sort, after, take) as f));
	else
		condition := item_condition(filter, true);
	end if;
	if filter ? 'near' then
		shown := format($q$left(body, -1) || ',"distance_m":' || round(%s) || '}'$q$, item_distance(filter -> 'near'));
	end if;
	if is_feature then
		-- The place first: a feature has its geometry whatever fields were asked for.
		shown := format(case kind when 'atr' then 'request_feature(%s, asset_id)' else 'item_feature(%s)' end, shown);
	end if;
	if fields is not null then
		shown := format(case when is_feature then 'item_feature_fields(%s, %L)' else 'item_fields(%s, %L)' end, shown, fields);
	end if;
	-- Named, or a number would be put in order as the text it is shown as.
	return query execute format('select %s, (%s)::text as key, id::text from %I where not gone%s%s limit %s',
		shown, col, item_view(kind), condition, item_seek(col, starts_with(sort, '-'), after), take);
end
$$;

-- How many items of a kind a filter keeps, of those that the actor may see: as many as item_list has in all.
create or replace function item_count(kind text, filter jsonb) returns bigint
	language plpgsql stable
as $$
declare
	items bigint;
begin
	if kind = 'ast' and filter ?| '{q,near,bbox}' then
		return (select count(*) from asset_found(filter, 'id', null, 2147483647));
	end if;
	execute format('select count(*) from %I where not gone%s', item_view(kind), item_condition(filter, true)) into items;
	return items;
end
$$;
