-- What a previewed import does to the register, and how it is taken back: whole sets in one
-- transaction. The lines were decided in C, in the preview; here they are only carried out,
-- and only if the register still is as the preview saw it.
set local role assetd_owner;
set local search_path = assetd, public;

-- The fields of an asset that a line may carry, from its JSON over what is there.
create or replace function import_fields(a asset, fields jsonb) returns asset
	language sql stable
	return jsonb_populate_record(a, fields - '{authority_id,owners,published,effective_on}'::text[]);

create or replace function import_change(event_id text, type text, a asset, import_id text, before jsonb,
	after jsonb, reason text) returns text
	language sql
	return change_put(event_id, type, a.id, a.version, a.authority_id, a.id,
		jsonb_build_object('authority_id', a.authority_id, 'reference', a.reference, 'name', a.name,
			'class', a.class, 'lifecycle', a.lifecycle, 'import_id', import_id),
		before, after, null, null, null, reason);

-- Put fields on an asset that stands at `seen`; no row (null) when it has moved.
create or replace function import_update(target text, seen int, fields jsonb) returns asset
	language plpgsql
as $$
declare
	a asset;
begin
	select * into a from asset where id = target and version = seen and removed_at is null for update;
	if not found then
		return null;
	end if;
	a := import_fields(a, fields);
	update asset set version = version + 1, effective_on = clock_day(), reference = a.reference, name = a.name,
		class = a.class, tenure = a.tenure, lifecycle = a.lifecycle, cpp_id = a.cpp_id,
		locality_id = a.locality_id, data_zone = a.data_zone, decile = coalesce(a.decile, 0),
		address = a.address, postcode = a.postcode, uprn = a.uprn, title_number = a.title_number,
		easting = a.easting, northing = a.northing, lat = a.lat, lon = a.lon, area_m2 = a.area_m2,
		notes = a.notes
	 where id = target
	returning * into a;
	return a;
end
$$;

-- All new assets of an import with their owners, whole as the preview settled them.
create or replace function import_create(target text) returns void
	language sql
as $$
	insert into asset (id, authority_id, published, reference, name, class, tenure, lifecycle, cpp_id, locality_id,
		data_zone, decile, address, postcode, uprn, title_number, easting, northing, lat, lon, area_m2, notes)
	select l.asset_id, l.authority_id, true, a.reference, a.name, a.class, a.tenure, a.lifecycle, a.cpp_id,
	       a.locality_id, a.data_zone, coalesce(a.decile, 0), a.address, a.postcode, a.uprn, a.title_number,
	       a.easting, a.northing, a.lat, a.lon, a.area_m2, a.notes
	  from import_line as l, import_fields(null::asset, l.fields) as a
	 where l.import_id = target and l.action = 'CREATE'
	 order by l.line;
	insert into asset_owner (asset_id, authority_id, published, owner_id, units)
	select l.asset_id, l.authority_id, true, o.authority_id, o.units
	  from import_line as l, jsonb_to_recordset(l.fields -> 'owners') as o (authority_id text, units bigint)
	 where l.import_id = target and l.action = 'CREATE';
$$;

-- Carry an import out. asset_ids and event_ids: one for each line that creates or changes.
-- Applied before: nothing happens, and the caller answers as the first time.
-- AS070 it has lines with errors and skip_errors is not set; AS071 the register has moved
-- since the preview; AS072 it was undone.
create or replace function import_apply(target text, asset_ids text[], event_ids text[], last_event_id text,
	skip_errors boolean) returns boolean
	language plpgsql
as $$
declare
	im import;
begin
	select * into im from import where id = target for update;
	if im.state = 'APPLIED' then
		return false;
	elsif im.state <> 'PREVIEWED' then
		raise exception 'import % is %', target, im.state using errcode = 'AS072';
	elsif not skip_errors and exists (select from import_line where import_id = target and action = 'ERROR') then
		raise exception 'import % has errors', target using errcode = 'AS070';
	end if;

	with numbered as (
		select line, row_number() over (order by line) as n
		  from import_line where import_id = target and action in ('CREATE', 'UPDATE')
	)
	update import_line as l
	   set asset_id = case l.action when 'CREATE' then asset_ids[n] else l.asset_id end,
	       event_id = event_ids[n],
	       applied_version = coalesce(l.seen_version, 0) + 1
	  from numbered where l.import_id = target and l.line = numbered.line;
	begin
		perform import_create(target);
	exception when unique_violation then
		raise exception 'a reference of import % is taken meanwhile', target using errcode = 'AS071';
	end;
	if exists (select from import_line as l, import_update(l.asset_id, l.seen_version, l.fields) as a
		    where l.import_id = target and l.action = 'UPDATE' and a.id is null) then
		raise exception 'import % is stale', target using errcode = 'AS071';
	end if;
	perform import_change(l.event_id, case l.action when 'CREATE' then 'asset.created' else 'asset.updated' end,
			a, target, l.before, l.fields, null)
	   from import_line as l join asset as a on a.id = l.asset_id
	  where l.import_id = target and l.action in ('CREATE', 'UPDATE')
	  order by l.line;
	update import set version = version + 1, state = 'APPLIED', applied_at = clock_at() where id = target
	returning * into im;
	perform change_put(last_event_id, 'import.applied', im.id, im.version, im.authority_id, null,
		jsonb_build_object('authority_id', im.authority_id, 'counts', im.counts), null, null, null, null, null, null,
		false);
	return true;
end
$$;

-- Take an applied import back by a compensating batch: what it made is removed, what it
-- changed is as before. Undone before: nothing happens.
-- AS072 it was never applied; AS073 something of it was changed since, or is under a request,
-- a plan or a valuation.
create or replace function import_undo(target text, event_ids text[], last_event_id text) returns boolean
	language plpgsql
as $$
declare
	im import;
	l  import_line;
	a  asset;
	n  int := 0;
begin
	select * into im from import where id = target for update;
	if im.state = 'UNDONE' then
		return false;
	elsif im.state <> 'APPLIED' then
		raise exception 'import % is %', target, im.state using errcode = 'AS072';
	end if;
	-- A request moves no version of its asset.
	if exists (select from import_line as i join request as r on r.asset_id = i.asset_id
		    where i.import_id = target and i.action = 'CREATE' and i.applied_version is not null) then
		raise exception 'something of import % was asked for', target using errcode = 'AS073';
	end if;
	for l in select * from import_line where import_id = target and applied_version is not null order by line desc loop
		n := n + 1;
		if l.action = 'CREATE' then
			update asset set version = version + 1, removed_at = clock_at()
			 where id = l.asset_id and version = l.applied_version and removed_at is null
			returning * into a;
		else
			a := import_update(l.asset_id, l.applied_version, l.before);
		end if;
		if a.id is null then
			raise exception 'line % of import % was changed since', l.line, target using errcode = 'AS073';
		end if;
		perform import_change(event_ids[n], case l.action when 'CREATE' then 'asset.removed' else 'asset.updated' end,
			a, target, l.fields, l.before, 'undo');
	end loop;
	update import set version = version + 1, state = 'UNDONE', undone_at = clock_at() where id = target
	returning * into im;
	perform change_put(last_event_id, 'import.undone', im.id, im.version, im.authority_id, null,
		jsonb_build_object('authority_id', im.authority_id, 'counts', im.counts), null, null, null, null, null, null,
		false);
	return true;
end
$$;
