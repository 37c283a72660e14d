-- What a previewed import does to the register, and how it is taken back: whole sets in one
-- transaction. The lines were decided in C, in the preview; here they are only carried out,
-- and only if the register still is as the preview saw it.
set local role assetd_owner;
set local search_path = assetd, public;

-- The fields of an asset that a line may carry, from its JSON over what is there.
create or replace function import_fields(a asset, fields jsonb) returns asset
	language sql stable
	return jsonb_populate_record(a, fields - '{authority_id,owners,effective_on}'::text[]);

create or replace function import_change(event_id text, type text, a asset, import_id text, before jsonb,
	after jsonb, reason text) returns text
	language sql
	return change_put(event_id, type, a.id, a.version, a.authority_id, a.id,
		jsonb_build_object('authority_id', a.authority_id, 'reference', a.reference, 'name', a.name,
			'class', a.class, 'lifecycle', a.lifecycle, 'import_id', import_id),
		before, after, null, null, null, reason);

drop function if exists import_update(text, int, jsonb);

-- Lay the fields of all lines that change an asset over it (back: what was before), where it stands as it was
-- last seen. How many were changed: fewer than there are lines when one has moved.
create or replace function import_update(target text, back boolean, from_on date) returns bigint
	language plpgsql
as $$
declare
	moved bigint;
begin
	-- In one order, so that two who wait for one another never wait in a circle.
	perform from asset as a
	  where a.id in (select l.asset_id from import_line as l where l.import_id = target and l.action = 'UPDATE'
		and (not back or l.applied_version is not null))
	  order by a.id for update;
	update asset as a
	   set version = a.version + 1, effective_on = from_on, (reference, name, class, tenure, lifecycle, cpp_id, locality_id, data_zone,
		decile, address, postcode, uprn, title_number, easting, northing, lat, lon, boundary, area_m2, common_good,
		in_trust, restrictions, lease_starts_on, lease_ends_on, checked_on, exempt_reason, published, notes) =
	       (x.reference, x.name, x.class, x.tenure, x.lifecycle, x.cpp_id, x.locality_id, x.data_zone, coalesce(x.decile, 0), x.address,
		x.postcode, x.uprn, x.title_number, x.easting, x.northing, x.lat, x.lon, x.boundary, x.area_m2, x.common_good,
		x.in_trust, x.restrictions, x.lease_starts_on, x.lease_ends_on, x.checked_on, x.exempt_reason, coalesce(x.published, true), x.notes)
	  from import_line as l
	  join asset as o on o.id = l.asset_id
	 cross join lateral import_fields(o, case when back then l.before else l.fields end) as x
	 where l.import_id = target and l.action = 'UPDATE' and a.id = o.id and a.removed_at is null
	   and a.version = case when back then l.applied_version else l.seen_version end;
	get diagnostics moved = row_count;
	return moved;
end
$$;

-- All new assets of an import with their owners, whole as the preview settled them.
drop function if exists import_create(text);
create or replace function import_create(target text, from_on date) returns void
	language sql
as $$
	insert into asset (id, effective_on, authority_id, published, reference, name, class, tenure, lifecycle, cpp_id, locality_id,
		data_zone, decile, address, postcode, uprn, title_number, easting, northing, lat, lon, boundary, area_m2, notes)
	select l.asset_id, from_on, l.authority_id, true, a.reference, a.name, a.class, a.tenure, a.lifecycle, a.cpp_id,
	       a.locality_id, a.data_zone, coalesce(a.decile, 0), a.address, a.postcode, a.uprn, a.title_number,
	       a.easting, a.northing, a.lat, a.lon, a.boundary, a.area_m2, a.notes
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
	if exists (select from import_line where import_id = target and action = 'UPDATE' and fields ?| '{lifecycle,boundary}') then
		-- The bar or an overlap is asked about, as for a single edit: then nobody else decides of the same land meanwhile.
		perform land_hold(im.authority_id);
	end if;
	begin
		perform import_create(target, coalesce(im.valid_on, clock_day()));
	exception when unique_violation then
		raise exception 'a reference of import % is taken meanwhile', target using errcode = 'AS071';
	end;
	if import_update(target, false, coalesce(im.valid_on, clock_day()))
		<> (select count(*) from import_line where import_id = target and action = 'UPDATE') then
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
	im   import;
	gone bigint;
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
	if exists (select from import_line where import_id = target and action = 'UPDATE' and before ?| '{lifecycle,boundary}') then
		perform land_hold(im.authority_id);
	end if;
	update asset as a set version = a.version + 1, removed_at = clock_at()
	  from import_line as l
	 where l.import_id = target and l.action = 'CREATE' and a.id = l.asset_id and a.version = l.applied_version
	   and a.removed_at is null;
	get diagnostics gone = row_count;
	if gone + import_update(target, true, coalesce(im.valid_on, clock_day()))
		<> (select count(*) from import_line where import_id = target and applied_version is not null) then
		raise exception 'something of import % was changed since', target using errcode = 'AS073';
	end if;
	perform import_change(event_ids[l.n], case l.action when 'CREATE' then 'asset.removed' else 'asset.updated' end,
			a, target, l.fields, l.before, 'undo')
	   from (select *, row_number() over (order by line desc) as n from import_line
		  where import_id = target and applied_version is not null) as l
	   join asset as a on a.id = l.asset_id
	  order by l.n;
	update import set version = version + 1, state = 'UNDONE', undone_at = clock_at() where id = target
	returning * into im;
	perform change_put(last_event_id, 'import.undone', im.id, im.version, im.authority_id, null,
		jsonb_build_object('authority_id', im.authority_id, 'counts', im.counts), null, null, null, null, null, null,
		false);
	return true;
end
$$;

-- What has been changed since an import was previewed, or once it is applied since then, so that it can no longer be
-- applied or undone: the first `most` of it, as JSON, null when there is nothing. Names of fields alone, no values: some
-- of those are prices. actor: by name where the reader may know it.
create or replace function import_moved(target text, most int) returns jsonb
	language sql stable
as $$
	select jsonb_agg(m) from (
		select l.line, l.asset_id, a.reference, a.name, c.type, utc(c.at) as at, coalesce(p.name, c.actor, c.actor_kind) as actor,
		       array(select k from jsonb_object_keys(coalesce(c.before, '{}') || coalesce(c.after, '{}')) as k
			      where k <> 'effective_on' and c.before -> k is distinct from c.after -> k order by k) as fields
		  from import as i
		  join import_line as l on l.import_id = i.id and l.action in ('CREATE', 'UPDATE')
		  join asset as a on a.id = l.asset_id
		  join change as c on c.subject = l.asset_id
		   and c.subject_seq > case i.state when 'APPLIED' then l.applied_version else l.seen_version end
		  left join principal as p on p.id = c.actor
		 where i.id = target and i.state in ('PREVIEWED', 'APPLIED')
		   and a.version > case i.state when 'APPLIED' then l.applied_version else l.seen_version end
		 union all
		select l.line, l.asset_id, a.reference, a.name, 'request.received', utc(r.created_at), b.name, '{}'
		  from import as i
		  join import_line as l on l.import_id = i.id and l.action = 'CREATE' and l.applied_version is not null
		  join asset as a on a.id = l.asset_id
		  join request as r on r.asset_id = l.asset_id
		  join community_body as b on b.id = r.community_body_id
		 where i.id = target and i.state = 'APPLIED'
		 order by line, at limit most) as m
$$;
