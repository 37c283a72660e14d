-- The register as it was true on a day and known at a moment, from facts alone: items as they would have
-- been read then. A moment of 'infinity' is all that is known by now.
--
-- What was not published then stays hidden from whoever may not read it anyway, whatever it is now; and what is
-- not published now is hidden in all its past, by the row policies of today. Whoever may read money today may
-- read that of then.
set local role assetd_owner;
set local search_path = assetd, public;

drop function if exists asset_at(text, date, timestamptz);
drop function if exists request_at(text, date, timestamptz);

-- May the actor see the asset as it was then? Of a day before all that was known of it, as on its first.
-- asset null (land that is not listed): yes.
create or replace function asset_was_shown(asset text, authority text, day date, moment timestamptz) returns boolean
	language plpgsql stable
as $$
#variable_conflict use_variable
begin
	return asset is null or authority = any (actor_in('member')) or actor_everywhere('member')
		or exists (select from asset_owner as o where o.asset_id = asset and o.owner_id = any (actor_in('member')))
		or coalesce((select (f.body ->> 'published')::boolean from fact as f
			where f.subject = asset and f.part = 'asset' and f.known @> moment and f.body is not null
			order by f.valid @> day desc, lower(f.valid) limit 1), false);
end
$$;

-- Is the actor shown the money of an asset? FINANCE of its lead or of an owner.
create or replace function asset_money_shown(asset text, authority text) returns boolean
	language plpgsql stable
as $$
#variable_conflict use_variable
begin
	return authority = any (actor_in('money')) or actor_everywhere('money')
		or exists (select from asset_owner as o where o.asset_id = asset and o.owner_id = any (actor_in('money')));
end
$$;

-- A moment that somebody names, as it is compared with what was known: what one transaction changed of a subject is
-- known a few microseconds after its moment (fact_put), and whoever names the moment of an item means all of it.
create or replace function known_by(moment timestamptz) returns timestamptz
	language sql immutable parallel safe
	return coalesce(moment + interval '50 microseconds', 'infinity');

-- An item with which day and moment it is of.
create or replace function item_as_at(body text, day date, moment timestamptz) returns text
	language sql stable
	return left(body, -1) || ',"valid_on":"' || day || '","known_at":"'
		|| utc(case when isfinite(moment) then moment - interval '50 microseconds' else clock_at() end) || '"}';

-- asset_item_disposal() of then.
create or replace function asset_disposal_at(asset text, lifecycle text, day date, moment timestamptz) returns text
	language plpgsql stable
as $$
#variable_conflict use_variable
declare
	bar record;
begin
	if lifecycle = 'DISPOSED' then
		select max(f.body ->> 'completed_on')::date as completed_on, max(f.body ->> 'request_id') as request_id into bar
		  from fact as f where f.subject = asset and f.part = 'disposal' and f.valid @> day and f.known @> moment;
		return json_build_object('allowed', false, 'why',
			'It was disposed of' || coalesce(' on ' || day_in_words(bar.completed_on), '') || '.', 'request_id', bar.request_id);
	end if;
	select f.subject as id, f.body ->> 'reference' as reference, (f.body ->> 'validated_on')::date as validated_on, o.relation into bar
	  from land_overlap_at(asset, day, moment) as o
	  join fact as f on f.asset_id = o.asset_id and f.part = 'request' and f.valid @> day and f.known @> moment
	   and f.body ->> 'prohibits' = 'true' and f.body ->> 'bar_exemption' is null
	  join request_state as s on s.code = f.body ->> 'state' and s.bars
	 order by 3, 1 limit 1;
	if not found then
		return '{"allowed" : true, "why" : null, "request_id" : null}';
	end if;
	return asset_item_bar(bar.id, bar.reference, bar.relation, bar.validated_on);
end
$$;

-- An asset's item without its whole, where the actor may not know of that: neither now nor as it was then.
create or replace function item_whole_at(item text, whole text, authority text, day date, moment timestamptz) returns text
	language plpgsql stable
as $$
#variable_conflict use_variable
begin
	return case when whole is null or exists (select from asset as a where a.id = whole) and asset_was_shown(whole, authority, day, moment)
		then item else item_of_no_whole(item, whole) end;
end
$$;

-- Assets as items. version: the last change known then. No row: nothing was known of that day, or not for the actor. What may be
-- barred is asked of those alone that can be: that were requested themselves, or may overlap what was; and changes, which have a
-- partition for each month, of all at once. A list is thousands of assets.
create or replace function asset_items_at(ids text[], day date, moment timestamptz)
	returns table (id text, version int, gone boolean, body text)
	language plpgsql stable
as $$
#variable_conflict use_column
declare
	met   constant text[] := land_met(ids);
	free  constant text := '{"allowed" : true, "why" : null, "request_id" : null}';
	seqs  int[]; -- beside ids
	lasts timestamptz[];
begin
	select array_agg(c.seq order by w.n), array_agg(c.last order by w.n) into seqs, lasts
	  from unnest(ids) with ordinality as w (id, n)
	  left join (
		select c.subject, max(c.subject_seq)::int as seq, max(c.at) as last
		  from change as c where c.subject = any (ids) and c.at <= moment group by c.subject) as c on c.subject = w.id;
	return query
	select f.subject::text, h.version, f.body ->> 'removed_at' is not null,
	       item_as_at(case when f.body ->> 'part_of' is null then i.body else item_whole_at(i.body, f.body ->> 'part_of', f.authority_id, day, moment) end,
		day, moment)
	  from unnest(ids, seqs, lasts) as w (id, seq, last)
	  join fact as f on f.subject = w.id and f.part = 'asset' and f.valid @> day and f.known @> moment and f.body is not null
	  join asset as now_it on now_it.id = w.id
	 cross join lateral (select coalesce(w.seq, 1) as version, coalesce(w.last, now_it.created_at) as last) as h
	 cross join lateral (select asset_item(jsonb_populate_record(null::asset, f.body || jsonb_build_object('id', f.subject, 'version', h.version,
			'created_at', now_it.created_at, 'updated_at', h.last, 'effective_on', lower(f.valid))),
		coalesce((select o.body ->> 'owners' from fact as o where o.subject = f.subject and o.part = 'owners'
			and o.valid @> day and o.known @> moment), '[]'),
		case when f.body ->> 'lifecycle' = 'DISPOSED' or w.id = any (met)
			    or exists (select from fact as q where q.asset_id = w.id and q.part = 'request')
			then asset_disposal_at(w.id, f.body ->> 'lifecycle', day, moment) else free end) as body) as i
	 -- asset_was_shown() of a version that is there, which it would look for once more.
	 where f.body ->> 'published' = 'true' or f.authority_id = any ((select actor_in('member'))::text[]) or (select actor_everywhere('member'))
	    or exists (select from asset_owner as s where s.asset_id = w.id and s.owner_id = any ((select actor_in('member'))::text[]));
end
$$;

-- The disposal plan of an asset as an item; its version counts what was known of it. No row as above.
create or replace function plan_item_at(asset text, day date, moment timestamptz)
	returns table (version int, view text, gone boolean, body text)
	language plpgsql stable
as $$
#variable_conflict use_variable
declare
	sees constant boolean := asset_money_shown(asset, (select a.authority_id from asset as a where a.id = asset));
begin
	return query
	select h.version, case when sees then 'f' else 'r' end, false,
	       item_as_at((jsonb_build_object('id', p.body -> 'id', 'version', h.version, 'created_at', utc(h.first), 'updated_at', utc(h.last))
		|| (p.body - '{authority_id}'::text[])
		|| case when sees then coalesce(m.body - '{plan_id,authority_id,asset_id}'::text[], '{}') || '{"restricted_fields": []}'
			else '{"restricted_fields": ["agreed_price_pence", "cost_fixed_pence", "lease"]}' end
		|| jsonb_build_object('effective_on', lower(p.valid), 'links', jsonb_build_object('asset', '/v1/assets/' || asset,
			'self', '/v1/assets/' || asset || '/disposal-plan')))::text, day, moment)
	  from fact as p
	  left join fact as m on m.subject = asset and m.part = 'plan_money' and m.valid @> day and m.known @> moment
	 cross join lateral (
		select count(distinct lower(k.known))::int as version, min(lower(k.known)) as first, max(lower(k.known)) as last
		  from fact as k where k.subject = asset and k.part = 'plan' and lower(k.known) <= moment) as h
	 where p.subject = asset and p.part = 'plan' and p.valid @> day and p.known @> moment and p.body is not null
	   and asset_was_shown(asset, p.authority_id, day, moment);
end
$$;

-- One asset with the newest valuation on each basis, its plan and its disposal.
create or replace function asset_at(target text, day date, moment timestamptz)
	returns table (version int, gone boolean, body text)
	language plpgsql stable
as $$
#variable_conflict use_column
declare
	sees constant boolean := asset_money_shown(target, (select a.authority_id from asset as a where a.id = target));
begin
	return query
	select i.version, i.gone, left(i.body, -1)
		|| ',"valuations":' || (select coalesce(jsonb_agg(v.body - '{authority_id,asset_id}'::text[]
				|| case when sees or v.body ->> 'restricted' = 'false' then coalesce(
					(select m.body from fact as m where m.subject = target and m.part = 'valuation_money:' || (v.body ->> 'basis')
					    and m.valid @> day and m.known @> moment and m.body ->> 'id' = v.body ->> 'id'), '{}')
				   else '{}' end order by v.part), '[]')
			  from fact as v where v.subject = target and v.part like 'valuation:%' and v.valid @> day and v.known @> moment
			   and v.body is not null)::text
		|| ',"disposal_plan":' || coalesce((select p.body from plan_item_at(target, day, moment) as p), 'null')
		|| ',"disposals":' || (select coalesce(jsonb_agg(d.body - '{authority_id,asset_id}'::text[]), '[]') from fact as d
			where d.subject = target and d.part = 'disposal' and d.valid @> day and d.known @> moment and d.body is not null)::text
		|| '}'
	  from asset_items_at(array[target], day, moment) as i;
end
$$;

-- Requests as rows of their table, with what lists ask for beside it: the ids null are all that the actor may see.
create or replace function request_rows_at(ids text[], day date, moment timestamptz)
	returns table (id text, authority_id text, asset_id text, community_body_id text, kind text, state text, state_on date,
		is_open boolean, reference text, received_on date, validated_on date, deadlines jsonb, published boolean,
		created_at timestamptz, was request)
	language plpgsql stable
as $$
#variable_conflict use_column
begin
	return query
	select f.subject::text, f.authority_id::text, f.asset_id::text, w.community_body_id::text, w.kind::text, w.state::text, w.state_on,
	       s.is_open, w.reference, w.received_on, w.validated_on, coalesce(w.deadlines, '[]'), now_it.published,
	       now_it.created_at, w
	  from request as now_it
	  join fact as f on f.subject = now_it.id and f.part = 'request' and f.valid @> day and f.known @> moment and f.body is not null
	 cross join lateral jsonb_populate_record(null::request, f.body || jsonb_build_object('created_at', now_it.created_at,
		'effective_on', lower(f.valid))) as w
	  join request_state as s on s.code = w.state
	 where (ids is null or now_it.id = any (ids))
	   and asset_was_shown(f.asset_id, f.authority_id, day, moment);
end
$$;

-- Requests as items, with their deadlines, what was allowed and what had arrived. No row as above.
create or replace function request_items_at(ids text[], day date, moment timestamptz)
	returns table (id text, version int, body text)
	language plpgsql stable
as $$
#variable_conflict use_column
begin
	return query
	select q.id, h.version, item_as_at(case when sees then row_to_json(full_item) else row_to_json(x) end::text, day, moment)
	  from request_rows_at(ids, day, moment) as q
	 cross join lateral (select (q.was).*) as r
	 cross join lateral (
		select coalesce(max(c.subject_seq), 1) as version, coalesce(max(c.at), q.created_at) as last
		  from change as c where c.subject = q.id and c.at <= moment) as h
	 cross join lateral asset_money_shown(q.asset_id, q.authority_id) as sees
	 cross join lateral (
		select q.id, h.version, utc(q.created_at) as created_at, utc(h.last) as updated_at,
		       r.reference, r.authority_id, r.asset_id, r.land, r.community_body_id, r.kind, r.state, r.state_on,
		       r.level, r.route, r.received_on, r.validated_on, r.acknowledged_on, r.expected_on, r.release_on,
		       r.reasons, r.benefits, r.benefit_score,
		       coalesce((select i.body -> 'items' from fact as i where i.subject = q.id and i.part = 'items'
				and i.valid @> day and i.known @> moment), '[]') as items,
		       json_build_object('prohibits', r.prohibits, 'exemption', r.bar_exemption, 'dated_on', r.bar_dated_on,
					 'from_on', r.bar_from, 'to_on', r.bar_to) as bar,
		       r.override_reason, q.deadlines, coalesce(r.allowed, '{}') as allowed, coalesce(r.flags, '{}') as flags,
		       json_strip_nulls(json_build_object('self', '/v1/requests/' || q.id,
					 'events', '/v1/requests/' || q.id || '/events',
					 'authority', '/v1/authorities/' || q.authority_id,
					 'asset', '/v1/assets/' || q.asset_id,
					 'competing', '/v1/requests/' || q.id || '/competing',
					 'earlier', '/v1/requests/' || q.id || '/earlier',
					 'community_body', '/v1/community-bodies/' || q.community_body_id)) as links,
		       '["offer_pence","agreed_price_pence","benefit_pence","lease"]'::json as restricted_fields
	       ) as x
	  left join lateral (
		select p.* from fact as g, jsonb_populate_record(null::request_money, g.body) as p
		 where g.subject = q.id and g.part = 'request_money' and g.valid @> day and g.known @> moment and g.body is not null) as m on true
	 cross join lateral (
		select x.id, x.version, x.created_at, x.updated_at, x.reference, x.authority_id, x.asset_id, x.land,
		       x.community_body_id, x.kind, x.state, x.state_on, x.level, x.route, x.received_on, x.validated_on,
		       x.acknowledged_on, m.offer_pence, m.lease, m.agreed_price_pence, m.benefit_pence, x.benefit_score,
		       x.expected_on, x.release_on, x.reasons, x.benefits, x.items, x.bar, x.override_reason, x.deadlines,
		       x.allowed, x.flags, x.links, '[]'::json as restricted_fields
	       ) as full_item;
end
$$;

-- asset_found() of then: the ids of assets that a filter kept, in the order of the list, at most `most`, each with
-- its sort key and its distance from the point of `near`. For its owner's rights see there; a test compares it with
-- a walk over everything.
--
-- What is so on both axes without end is what the table of assets says, whose indexes serve; the rest, versions that
-- were replaced or corrected, has small indexes of its own and `words` for asset.search (migrations/0022, 0058). Each gives
-- a page, walking in the list's order, and the first of both together are the page. Of a day on which there were few of the
-- one or the other, in all the register or in the one authority that is asked for, a walk would go through all the rest: so they
-- are looked for first, and if they are few, are all there is. Words are looked for in the past by their index, unless they are
-- in many versions: then among those of the day.
-- What words or a place find is read once, put in order, and then asked one by one whether it was so, until there is a page.
--
-- Ends of ranges are compared one by one: PostgreSQL takes `valid @> day` for a thing so rare that it reads an index
-- of ranges to its end instead of walking (18 s instead of 20 ms at 150,000 assets).
create or replace function asset_found_at(filter jsonb, sort text, after text[], most int, day date, moment timestamptz)
	returns table (id text, key text, metres numeric)
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
as $$
declare
	few    constant int := 1000;
	-- So many versions that have the words are read, whatever their day.
	several constant int := 5000;
	-- So many are put in order rather than walked through.
	many   constant int := 20000;
	rule   constant text := '(%1$s.published or %1$s.authority_id = any ($1) or $2
		or exists (select from asset_owner as o where o.asset_id = %1$s.id and o.owner_id = any ($1)))';
	lasts  constant text := $q$f.part = 'asset' and upper_inf(f.known) and upper_inf(f.valid) and f.body is not null$q$;
	then_  constant text := $q$lower(f.valid) <= $3 and lower(f.known) <= $4 and (upper_inf(f.valid) or upper(f.valid) > $3)
			and (upper_inf(f.known) or upper(f.known) > $4)$q$;
	past   text := $q$select f.subject::text as id, f.authority_id::text, f.body ->> 'name' as name, f.body ->> 'class' as class,
		f.body ->> 'tenure' as tenure, f.body ->> 'lifecycle' as lifecycle, f.body ->> 'cpp_id' as cpp_id,
		f.body ->> 'locality_id' as locality_id, f.body ->> 'data_zone' as data_zone, (f.body ->> 'decile')::int as decile,
		f.body ->> 'reference' as reference, f.body ->> 'part_of' as part_of, f.body ->> 'uprn' as uprn, f.body ->> 'postcode' as postcode,
		f.body ->> 'published' as published, (f.body ->> 'easting')::int as easting, (f.body ->> 'northing')::int as northing,
		(f.body ->> 'lat')::numeric as lat, (f.body ->> 'lon')::numeric as lon, f.words as search, now_it.created_at
		  from fact as f join asset as now_it on now_it.id = f.subject
		 where f.part = 'asset' and not (upper_inf(f.known) and upper_inf(f.valid)) and %2$s
		   and f.body is not null and f.body ->> 'removed_at' is null and (f.body ->> 'published' = 'true' or f.authority_id = any ($1) or $2
			or exists (select from asset_owner as o where o.asset_id = f.subject and o.owner_id = any ($1))) and %1$s$q$;
	col    constant text := item_sort(sort, filter);
	down   constant boolean := starts_with(sort, '-');
	metres constant text := case when filter ? 'near' then item_distance(filter -> 'near') else 'null::numeric' end;
	page   constant text := format('select id::text as id, %s as sorted, %s as metres from ', col, metres);
	kind   constant text := case col when 'created_at' then 'timestamptz' when 'id' then 'text' when 'name' then 'text' else 'numeric' end;
	turn   constant text := case when kind = 'text' and col = 'id' then ' collate "C"' else '' end || case when down then ' desc' else '' end;
	sought constant text[] := '{q,like,near,bbox}';
	-- By these few are found, and are put in order; by others the list is walked through in its own.
	rare   constant text[] := sought || '{authority_id,uprn,own_reference,postcode,data_zone,part_of}'::text[];
	-- Where a page begins in what was read already.
	seek   constant text := item_seek(case col when 'id' then 'id' else 'sorted' end, down, after);
	few_old constant int := case when filter ?| sought then many else few end;
	of_one constant text := case when jsonb_array_length(filter -> 'authority_id') = 1
		then format(' and f.authority_id = %L', filter -> 'authority_id' ->> 0) else '' end;
	found  bigint;
	ids    text[];
	old    bigint[];
	is_few boolean := true; -- what is read of the past
	past_filter jsonb := filter; -- without the words, where they have been found
	was_id     text[];
	was_key    text[];
	was_metres numeric[];
	is_id      text[];
	is_key     text[];
	is_metres  numeric[];
begin
	past := format(past, format(rule, 'now_it'), then_);
	if filter ?| '{q,like}' then
		execute format('select count(*), array_agg(x.id) filter (where x.valid @> $1 and x.known @> $2)
			  from (select id, valid, known from (select f.id, f.valid, f.known, f.words as search from fact as f where f.part = ''asset''
				and not (upper_inf(f.known) and upper_inf(f.valid))) as asset where true%s limit %s) as x',
			item_condition(jsonb_only(filter, '{q,like}'), true, day), several) into found, old using day, moment;
		past_filter := case when found < several then filter - '{q,like}'::text[] else filter end;
	end if;
	-- Whoever finds more than a few stops: index scans, which begin at once.
	perform set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', case when filter ?| sought then 'on' else 'off' end, true);
	if found is null or found = several then
		execute format('select array(select f.id from fact as f where f.part = ''asset'' and not (upper_inf(f.known) and upper_inf(f.valid))
			and f.valid @> $1 and f.known @> $2%s limit %s)', of_one, few_old + 1) into old using day, moment;
		is_few := cardinality(old) <= few_old;
	end if;
	past := past || case when is_few then ' and f.id = any ($5)' else '' end;
	if not filter ?| sought then
		-- By the index that has their order, which stops when there are enough: before a sort all would be read, for each page of a long list.
		perform set_config('enable_sort', 'off', true);
		execute format('select array(select f.subject::text from fact as f where %s%s and lower(f.valid) <= %L and lower(f.known) <= %L order by %s limit %s)',
			lasts, of_one, day, moment, case when moment < day and of_one = '' then 'lower(f.known)' else 'lower(f.valid)' end, few + 1) into ids;
		perform set_config('enable_sort', 'on', true);
		if cardinality(ids) > few then
			ids := null;
		end if;
	end if;
	if not is_few and (not filter ?| rare or of_one <> '' and col = 'name' and not filter - 'authority_id' ?| rare) then
		perform set_config('enable_sort', 'off', true);
	else
		perform set_config('enable_bitmapscan', 'on', true);
	end if;
	execute format('select array_agg(id), array_agg(sorted::text), array_agg(metres) from (%s (%s) as asset where true%s%s limit %s) as x',
		page, past, item_condition(past_filter, true, day), item_seek(col, down, after), most)
		into was_id, was_key, was_metres using actor_in('member'), actor_everywhere('member'), day, moment, old;
	perform set_config('enable_sort', 'on', true), set_config('enable_bitmapscan', 'on', true), set_config('enable_seqscan', 'on', true);

	if filter ?| sought then
		execute format('with hit as materialized (%1$s asset where removed_at is null and %2$s%3$s limit %4$s)
			select (select count(*) from hit), array_agg(x.id), array_agg(x.sorted::text), array_agg(x.metres)
			  from (select * from (select * from hit where (select count(*) from hit) < %4$s%5$s offset 0) as h
				 where exists (select from fact as f where f.subject = h.id and %6$s and lower(f.valid) <= $3 and lower(f.known) <= $4)
				 limit %7$s) as x', page, format(rule, 'asset'), item_condition(filter, true, day), many + 1, seek, lasts, most)
			into found, is_id, is_key, is_metres using actor_in('member'), actor_everywhere('member'), day, moment;
	end if;
	if found <= many then
		return query execute format('select id, key, metres from unnest($1 || $4, $2 || $5, $3 || $6) as w (id, key, metres)
			order by key::%s%s, id collate "C" limit %s', kind, turn, most)
			using is_id, is_key, is_metres, was_id, was_key, was_metres;
		return;
	end if;
	return query execute format('select id, sorted::text, metres from (
		(%1$s asset where removed_at is null and %2$s%3$s and %4$s%5$s limit %6$s)
		union all (select id, key::%7$s as sorted, metres from unnest($6, $7, $8) as w (id, key, metres))) as u
		order by u.sorted%8$s, id collate "C" limit %6$s', -- not the text that is given, which has its name
		page, format(rule, 'asset'), item_condition(filter, false, day), case when ids is not null then 'id = any ($5)' else
			format('exists (select from fact as f where f.subject = asset.id and %s and lower(f.valid) <= $3 and lower(f.known) <= $4 offset 0)', lasts) end,
		item_seek(col, down, after), most, kind, turn)
		using actor_in('member'), actor_everywhere('member'), day, moment, ids, was_id, was_key, was_metres;
end
$$;

-- request_feature() (0065_list.sql) of then: where its asset lay, as the reader may see that it did.
create or replace function request_feature_at(body text, asset text, day date, moment timestamptz) returns text
	language plpgsql stable
as $$
begin
	return feature_of(body, (select i.body::json from asset_items_at(array[asset], day, moment) as i where not i.gone));
end
$$;

-- item_list() of then, for assets, requests, notices (0068_past_case.sql), valuations and disposals.
create or replace function item_list_at(kind text, filter jsonb, sort text, after text[], fields text[], take int,
	is_feature boolean, day date, moment timestamptz)
	returns table (body text, key text, id text)
	language plpgsql stable
as $$
#variable_conflict use_column
declare
	shown text := case when kind in ('val', 'dsp') then 'item_as_at(i.body, $1, $2)' else 'i.body' end;
begin
	if filter ? 'near' then
		shown := $q$left(i.body, -1) || ',"distance_m":' || round(w.metres) || '}'$q$;
	end if;
	if is_feature then
		shown := format(case kind when 'atr' then 'request_feature_at(%s, i.body::json ->> ''asset_id'', $1, $2)' else 'item_feature(%s)' end, shown);
	end if;
	if fields is not null then
		shown := format(case when is_feature then 'item_feature_fields(%s, %L)' else 'item_fields(%s, %L)' end, shown, fields);
	end if;
	if kind = 'ast' then
		return query execute format('with found as materialized (select * from asset_found_at($1, $2, $3, $4, $5, $6) with ordinality
				as w (id, key, metres, n))
			select %s, w.key, w.id from found as w
			  join asset_items_at(array(select id from found), $5, $6) as i on i.id = w.id order by w.n', shown)
			using filter, sort, after, take, day, moment;
	elsif kind = 'atr' then
		return query execute format('with found as materialized (select id, (%1$s)::text as key, row_number() over () as n
				from (select * from request_rows_at(null, $1, $2) as q where true%s%s limit %s) as q)
			select %s, w.key, w.id from found as w
			  join request_items_at(array(select id from found), $1, $2) as i on i.id = w.id order by w.n',
			item_sort(sort, filter), item_condition(filter, true, day), item_seek(item_sort(sort, filter), starts_with(sort, '-'), after),
			take, shown) using day, moment;
	elsif kind = 'ntc' then
		return query execute format('select %s, i.number::text, i.id from notice_items_at($3, $1, $2) as i where true%s%s limit %s', shown,
			item_condition(filter, true, day), item_seek(item_sort(sort, filter), starts_with(sort, '-'), after), take)
			using day, moment, filter -> 'request_id' ->> 0;
	else
		return query execute format('select %s, (i.%s)::text, i.id::text from (select * from %I where created_at <= $2 and %I <= $1%s%s limit %s) as i
			 where asset_was_shown(i.asset_id, i.authority_id, $1, $2)', shown, quote_ident(ltrim(sort, '-')), item_view(kind),
			case kind when 'val' then 'effective_on' when 'dsp' then 'completed_on' end,
			case kind when 'dsp' then ' and (undone_at is null or undone_at > $2)' else '' end || item_condition(filter, true, day),
			item_seek(item_sort(sort, filter), starts_with(sort, '-'), after), take) using day, moment;
	end if;
end
$$;
