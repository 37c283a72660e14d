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

-- A filter as a condition: {"COLUMN": ["value", …]}, {"COLUMN[gte]": ["value"]}, and q (words, each to be
-- found), like (patterns instead), near ({easting, northing, metres}) and updated_since (a moment). Only
-- names that the daemon's table of lists allows come here. by_index false: words are looked for row by row.
create or replace function item_condition(filter jsonb, by_index boolean) returns text
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
			when k = 'updated_since' then format(' and updated_at >= %L', v ->> 0)
			when k like '%[%]' then format(' and %I %s %L', split_part(k, '[', 1),
				case split_part(k, '[', 2) when 'gt]' then '>' when 'gte]' then '>=' when 'lt]' then '<' when 'lte]' then '<=' end,
				v ->> 0)
			when k in ('decile', 'published', 'is_open') then format(' and %I::text = any (%L::text[])', k,
				array(select jsonb_array_elements_text(v)))
			else format(' and %I = any (%L::text[])', k, array(select jsonb_array_elements_text(v)))
			end, '');
	end loop;
	return condition;
end
$$;

-- Where a page of a list begins, as a condition, and its order. sort: a column that is never null,
-- downwards behind a minus; the id always comes last, upwards. after: the sort key and the id of the
-- item before; null for the first page.
create or replace function item_seek(sort text, after text[]) returns text
	language plpgsql immutable
as $$
declare
	col  constant text := quote_ident(ltrim(sort, '-'));
	down constant boolean := starts_with(sort, '-');
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
-- Without statistics, which a row policy withholds too, nobody knows how many a word finds. So up to
-- 10,000 are found by index and then put in order; what more have is soon met going through all in order.
create or replace function asset_found(filter jsonb, sort text, after text[], most int)
	returns table (id text, key text)
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
as $$
declare
	few    constant int := 10000;
	rule   constant text := 'removed_at is null and (published or authority_id = any ($1) or $2
		or exists (select from asset_owner as o where o.asset_id = asset.id and o.owner_id = any ($1)))';
	sought constant text[] := '{q,like,near}';
	col    constant text := quote_ident(ltrim(sort, '-'));
	ids    text[];
	among  text := item_condition(filter, false);
begin
	if filter ?| sought then
		execute format('select array(select id::text from asset where %s%s limit %s)', rule, item_condition(filter, true), few + 1)
			into ids using actor_in('member'), actor_everywhere('member');
		if cardinality(ids) <= few then
			among := ' and id = any ($3)';
		end if;
	end if;
	return query execute format('select id::text, %s::text from asset where %s%s%s limit %s', col, rule, among,
		item_seek(sort, after), most) using actor_in('member'), actor_everywhere('member'), ids;
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

-- Items of a kind that a filter keeps, in an order, after one (item_seek), at most `take`. fields: see
-- item_fields; null: whole items. key: what `after` takes.
--
-- The text is built anew for each call, so that the planner sees which filters there are.
create or replace function item_list(kind text, filter jsonb, sort text, after text[], fields text[], take int)
	returns table (body text, key text, id text)
	language plpgsql stable
as $$
declare
	condition text;
begin
	if kind = 'ast' and filter ?| '{q,near}' then
		condition := format(' and id = any (%L::text[])', array(select f.id from asset_found(filter, sort, after, take) as f));
	else
		condition := item_condition(filter, true);
	end if;
	return query execute format('select %s, %I::text, id::text from %I where not gone%s%s limit %s',
		case when fields is null then 'body' else format('item_fields(body, %L)', fields) end, ltrim(sort, '-'),
		item_view(kind), condition, item_seek(sort, after), take);
end
$$;
