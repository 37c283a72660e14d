-- Whole lists, page by page by id: the cells of a table, for formats that are tables.
set local role assetd_owner;
set local search_path = assetd, public;

drop function if exists export_asset(jsonb, text, int);
drop function if exists export_asset_at(jsonb, text[], int, date, timestamptz);

-- Joint owners as a cell: each with its units. Absent where the lead owns it alone, as most are; of an item's own text that
-- is seen at once.
create or replace function export_owners(item text, lead text) returns text
	language sql immutable
	return case when strpos(item, '"owners":[{"authority_id":"' || lead || '","units":1}]') = 0 then (
		select string_agg((o ->> 'authority_id') || ':' || (o ->> 'units'), ' ' order by o ->> 'authority_id')
		  from jsonb_array_elements(item::jsonb -> 'owners') as o
		having count(*) > 1 or not bool_and(o ->> 'authority_id' = lead and o ->> 'units' = '1')) end;

-- Assets that a filter keeps (item_condition), behind one id, at most `take`, with the name and code of
-- their authority. Who asks sees those that the row policies of `asset` show.
--
-- The text is built anew for each call, so that the planner sees which filters there are.
create or replace function export_asset(filter jsonb, after text, take int)
	returns table (id text, reference text, name text, class text, tenure text, lifecycle text, authority_id text,
		authority text, owners text, cpp_id text, locality_id text, part_of text, data_zone text, decile smallint,
		address text, postcode text, uprn text, title_number text, easting int, northing int, lat numeric,
		lon numeric, boundary text, area_m2 bigint, common_good boolean, in_trust boolean, restrictions text,
		lease_starts_on date, lease_ends_on date, checked_on date, exempt_reason text, published boolean, notes text,
		effective_on date, version int, updated_at text, authority_code text)
	language plpgsql stable
as $$
declare
	condition text;
begin
	if filter ?| '{q,near,bbox}' then
		condition := format(' and id = any (%L::text[])',
			array(select f.id from asset_found(filter, 'id', case when after is null then null else array[after, after] end, take) as f));
	else
		condition := item_condition(filter, true);
	end if;
	return query execute format('select x.id::text, x.reference, x.name, x.class::text, x.tenure::text, x.lifecycle::text,
		x.authority_id::text, u.name, export_owners(x.rendered, x.authority_id), x.cpp_id::text, x.locality_id::text,
		case when x.part_of is null or exists (select from asset as w where w.id = x.part_of) then x.part_of::text end, x.data_zone, x.decile, x.address, x.postcode, x.uprn, x.title_number, x.easting, x.northing,
		trim_scale(x.lat), trim_scale(x.lon), replace(x.boundary::text, '' '', ''''), x.area_m2, x.common_good,
		x.in_trust, x.restrictions, x.lease_starts_on, x.lease_ends_on, x.checked_on, x.exempt_reason, x.published,
		x.notes, x.effective_on, x.version, utc(x.updated_at), gss_code(u.code)
	  from (select * from asset where removed_at is null%s%s order by id limit %s) as x
	  join authority as u on u.id = x.authority_id
	 order by x.id', case when after is null then '' else format(' and id > %L', after) end, condition, take);
end
$$;

-- The same of then (0062_as_at.sql): cell by cell what the items of a list of then have, from the facts themselves, since items
-- hold much that no cell has and cost some ten times as much; a test compares the two. after: as item_list_at has it.
create or replace function export_asset_at(filter jsonb, after text[], take int, day date, moment timestamptz)
	returns table (id text, reference text, name text, class text, tenure text, lifecycle text, authority_id text,
		authority text, owners text, cpp_id text, locality_id text, part_of text, data_zone text, decile int,
		address text, postcode text, uprn text, title_number text, easting int, northing int, lat text,
		lon text, boundary text, area_m2 bigint, common_good text, in_trust text, restrictions text,
		lease_starts_on date, lease_ends_on date, checked_on date, exempt_reason text, published text, notes text,
		effective_on date, version int, updated_at text, authority_code text)
	language plpgsql stable
as $$
#variable_conflict use_column
begin
	return query
	with found as materialized (select * from asset_found_at(filter, 'id', after, take, day, moment) with ordinality as w (id, key, metres, n))
	select w.id, i.reference, i.name, i.class, i.tenure, i.lifecycle, i.authority_id, u.name,
	       case when o.body -> 'owners' is distinct from jsonb_build_array(jsonb_build_object('authority_id', i.authority_id, 'units', 1))
		then export_owners(json_build_object('owners', coalesce(o.body -> 'owners', '[]'))::text, i.authority_id) end,
	       i.cpp_id, i.locality_id,
	       case when exists (select from asset as a where a.id = i.part_of) and asset_was_shown(i.part_of, f.authority_id, day, moment) then i.part_of end,
	       i.data_zone, i.decile, i.address, i.postcode, i.uprn, i.title_number, i.easting, i.northing,
	       trim_scale(i.lat)::text, trim_scale(i.lon)::text, replace(i.boundary::text, ' ', ''), i.area_m2, i.common_good, i.in_trust, i.restrictions,
	       i.lease_starts_on, i.lease_ends_on, i.checked_on, i.exempt_reason, i.published, i.notes, lower(f.valid),
	       h.version, utc(h.last), gss_code(u.code)
	  from found as w
	  join fact as f on f.subject = w.id and f.part = 'asset' and f.valid @> day and f.known @> moment and f.body is not null
	  join asset as now_it on now_it.id = w.id
	  left join fact as o on o.subject = w.id and o.part = 'owners' and o.valid @> day and o.known @> moment
	 cross join lateral (
		select coalesce(max(c.subject_seq), 1) as version, coalesce(max(c.at), now_it.created_at) as last
		  from change as c where c.subject = w.id and c.at <= moment) as h
	 cross join lateral jsonb_to_record(f.body) as i (reference text, name text, class text, tenure text,
		lifecycle text, authority_id text, cpp_id text, locality_id text, part_of text, data_zone text,
		decile int, address text, postcode text, uprn text, title_number text, easting int, northing int, lat numeric,
		lon numeric, boundary jsonb, area_m2 bigint, common_good text, in_trust text, restrictions text,
		lease_starts_on date, lease_ends_on date, checked_on date, exempt_reason text, published text, notes text)
	  join authority as u on u.id = i.authority_id
	 -- asset_was_shown() of a version that is there, which it would look for once more.
	 where i.published = 'true' or f.authority_id = any ((select actor_in('member'))::text[]) or (select actor_everywhere('member'))
	    or exists (select from asset_owner as s where s.asset_id = w.id and s.owner_id = any ((select actor_in('member'))::text[]))
	 order by w.n;
end
$$;
