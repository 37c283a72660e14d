-- The item of an asset is the same for every reader, and kept rendered in its row: a read fetches
-- one row and makes nothing (DECISIONS 13, 27).
--
-- It is written with the row itself. What it shows of other tables may be written later in
-- the same transaction: at its end their triggers look whether the kept text is still right,
-- which costs a second write only when it is not. Whatever it shows must move the version.
set local role assetd_owner;
set local search_path = assetd, public;

create or replace function asset_item_owners(asset text) returns text
	language plpgsql stable
as $$
begin
	return (select '[' || string_agg('{"authority_id":"' || o.owner_id || '","units":' || o.units || '}', ',' order by o.owner_id)
			|| ']' from asset_owner as o where o.asset_id = asset);
end
$$;

-- A bar as an asset shows it, to everybody. relation: of the asset that was asked for, as land_overlap() has it. A request for
-- other land is not named: that land may be published or not, and what is rendered here does not follow it.
drop function if exists bar_in_words(text, text, text, date);
create or replace function asset_item_bar(request text, reference text, relation text, validated_on date) returns text
	language sql stable
	return json_build_object('allowed', false, 'why', case relation
		when 'WHOLE' then 'A request for the whole of which this is a part'
		when 'PART' then 'A request for a part of this' when 'PAIR' then 'A request for land that overlaps this'
		else 'Request ' || reference || ', validated on ' || day_in_words(validated_on) || ',' end
		|| ' bars disposal to anybody else (section 84 of the 2015 Act).',
		'request_id', case when relation = 'SAME' then request end)::text;

-- May it be disposed of, and if not why.
create or replace function asset_item_disposal(asset text, lifecycle text) returns text
	language plpgsql stable
as $$
declare
	bar record;
begin
	if lifecycle = 'DISPOSED' then
		select max(d.completed_on) as completed_on, max(d.request_id) as request_id into bar
		  from disposal as d where d.asset_id = asset and d.undone_at is null;
		return json_build_object('allowed', false, 'why',
			'It was disposed of' || coalesce(' on ' || day_in_words(bar.completed_on), '') || '.',
			'request_id', bar.request_id);
	end if;
	-- Most authorities have no bar at all, which one look at a small index tells.
	if not exists (select from request as r where r.authority_id = (select a.authority_id from asset as a where a.id = asset)
			and r.bar_from is not null and r.bar_to is null and r.prohibits and r.bar_exemption is null) then
		return '{"allowed" : true, "why" : null, "request_id" : null}';
	end if;
	select r.id, r.reference, r.validated_on, o.relation into bar
	  from land_overlap(asset) as o join request as r on r.asset_id = o.asset_id
	 where r.bar_from is not null and r.bar_to is null and r.prohibits and r.bar_exemption is null
	 order by r.validated_on, r.id limit 1;
	if not found then
		return '{"allowed" : true, "why" : null, "request_id" : null}';
	end if;
	return asset_item_bar(bar.id, bar.reference, bar.relation, bar.validated_on);
end
$$;

-- The item: its row, and what the two above say.
create or replace function asset_item(a asset, owners text, disposal text) returns text
	language plpgsql stable
as $$
begin
	return (select row_to_json(x)::text from (
		select a.id, a.version, utc(a.created_at) as created_at, utc(a.updated_at) as updated_at,
		       a.authority_id, a.reference, a.name, a.class, a.tenure, a.lifecycle, a.cpp_id, a.locality_id,
		       a.part_of, a.data_zone, a.decile, a.address, a.postcode, a.uprn, a.title_number, a.easting, a.northing,
		       trim_scale(a.lat) as lat, trim_scale(a.lon) as lon, a.boundary, a.area_m2, a.common_good, a.in_trust, a.restrictions,
		       a.lease_starts_on, a.lease_ends_on, a.checked_on, a.exempt_reason,
		       owners::json as owners, a.published, a.notes, a.effective_on, disposal::json as disposal,
		       json_build_object('self', '/v1/assets/' || a.id, 'authority', '/v1/authorities/' || a.authority_id,
					 'valuations', '/v1/assets/' || a.id || '/valuations',
					 'disposal_plan', '/v1/assets/' || a.id || '/disposal-plan',
					 'projection', '/v1/assets/' || a.id || '/projection',
					 'parts', '/v1/assets/' || a.id || '/parts',
					 'requests', '/v1/requests?asset_id=' || a.id) as links) as x);
end
$$;

-- That item for who may not know of the whole that it is part of.
create or replace function item_of_no_whole(item text, whole text) returns text
	language sql immutable parallel safe
	return replace(item, '"part_of":"' || whole || '"', '"part_of":null');

-- A new asset most often belongs to its authority alone and is free.
create or replace function asset_render() returns trigger
	language plpgsql
as $$
begin
	if tg_op = 'INSERT' then
		new.rendered := asset_item(new, '[{"authority_id":"' || new.authority_id || '","units":1}]',
			'{"allowed" : true, "why" : null, "request_id" : null}');
	else
		new.rendered := asset_item(new, asset_item_owners(new.id), asset_item_disposal(new.id, new.lifecycle));
	end if;
	return new;
end
$$;

-- Which land it is part of its own row says, which is not there before it is written.
create or replace function asset_render_part() returns trigger
	language plpgsql
as $$
begin
	update asset as a set rendered = i.body from item_asset_live as i
	 where a.id = new.id and i.id = a.id and a.rendered is distinct from i.body;
	return null;
end
$$;

-- With its owner's rights, as the keepers of facts (0030_fact.sql) and for the same reason.
create or replace function asset_render_again() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	if tg_table_name = 'asset_owner' then
		-- As fact_keep_owners: the owner that a new asset was rendered with. A part was rendered twice.
		if tg_op = 'INSERT' and new.owner_id = new.authority_id and new.units = 1 then
			perform from asset as a where a.id = new.asset_id and a.version = 1 and a.part_of is null
				and not exists (select from asset_owner as o where o.asset_id = a.id and o.owner_id <> a.authority_id);
			if found then
				return null;
			end if;
		end if;
		perform from asset as a where a.id = coalesce(new.asset_id, old.asset_id)
			and strpos(a.rendered, '"owners":' || asset_item_owners(a.id)) > 0;
		if found then
			return null;
		end if;
	end if;
	update asset as a set rendered = i.body from item_asset_live as i
	 where a.id = coalesce(new.asset_id, old.asset_id) and i.id = a.id and a.rendered is distinct from i.body;
	return null;
end
$$;

-- After a release that renders assets otherwise than the one before, `assetd migrate` renders them
-- anew with this, a few at a time and each time in a transaction of its own, so that nobody who
-- writes waits for long. The comment of the column says by which definition they are; it is set
-- when all are. A setting of the session keeps how far it has come. False when nothing is left to do.
create or replace function asset_render_next(most int) returns boolean
	language plpgsql
as $$
declare
	definition text := (select md5(string_agg(prosrc, '' order by proname)) from pg_proc
		where pronamespace = 'assetd'::regnamespace and proname ~ '^asset_item');
	column_of  int := (select attnum from pg_attribute where attrelid = 'asset'::regclass and attname = 'rendered');
	after      text := coalesce(current_setting('assetd.rendered', true), '');
	last       text;
begin
	if col_description('asset'::regclass, column_of) is not distinct from definition then
		return false;
	end if;
	select max(x.id) into last from (select a.id from asset as a where a.id > after order by a.id limit most) as x;
	if last is null then
		execute format('comment on column asset.rendered is %L', definition);
		return false;
	end if;
	-- Held before they are looked at: what somebody else writes meanwhile is not written over.
	perform from asset as a where a.id > after and a.id <= last order by a.id for no key update;
	update asset as a set rendered = i.body from item_asset_live as i
	 where i.id = a.id and i.id > after and i.id <= last and a.rendered is distinct from i.body;
	perform set_config('assetd.rendered', last, false);
	return true;
end
$$;

-- After "touch", which sets updated_at: triggers of a kind fire in the order of their names.
create or replace trigger write_first before insert on asset
	for each row execute function asset_render();
create or replace trigger write_item before update on asset
	for each row when (new.version <> old.version) execute function asset_render();

create or replace trigger write_part after insert on asset
	for each row when (new.part_of is not null) execute function asset_render_part();
create or replace trigger write_part_move after update of part_of on asset
	for each row when (new.part_of is distinct from old.part_of) execute function asset_render_part();

drop trigger if exists render_first on asset;
drop trigger if exists render on asset;
drop trigger if exists render on asset_owner;
create constraint trigger render after insert or update or delete on asset_owner
	deferrable initially deferred for each row execute function asset_render_again();
drop trigger if exists render on request;
create constraint trigger render after insert or update of state, prohibits, bar_exemption on request
	deferrable initially deferred for each row when (new.asset_id is not null) execute function asset_render_again();
drop trigger if exists render on disposal;
create constraint trigger render after insert or update of undone_at on disposal
	deferrable initially deferred for each row execute function asset_render_again();
