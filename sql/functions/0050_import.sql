-- What a previewed import does to the register, and how it is taken back: whole sets in one
-- transaction. The lines were decided in C, in the preview; here they are only carried out,
-- and only if the register still is as the preview saw it.
set local role assetd_owner;
set local search_path = assetd, public;

-- What a list of an authority's assets is compared with: its assets as they stand, each with the lifecycle its plan gives it. Those
-- without a reference are told by their name, and of one name by which came first.
-- refs: lower-case, of those in question and all without one; null: all.
-- With its owner's rights, for members of the authority, who may see all of it: below the policies no index on a function of a column
-- may be used, and each part of a long list looked at every asset of the register, and at each of its references.
create or replace function import_known(whose text, refs text[]) returns table (body text)
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
	set plan_cache_mode = force_generic_plan
	set enable_seqscan = off
as $$
declare
	found text[];
begin
	if not (whose = any (actor_in('member')) or actor_everywhere('member')) then
		return;
	end if;
	if refs is null then
		found := array(select a.id from asset as a where a.authority_id = whose and a.removed_at is null);
	else
		found := array(
			select a.id::text from unnest(refs) as k (ref)
			 cross join lateral (select s.id from asset as s where s.authority_id = whose and s.removed_at is null
				and lower(s.reference collate "C") = k.ref offset 0) as a
			union
			select a.id::text from asset as a
			 where a.authority_id = whose and a.removed_at is null and lower(a.reference collate "C") is null);
	end if;
	return query
	select left(a.rendered, -1) || ',"plan_lifecycle":' || coalesce('"' || case when p.method <> 'NONE' then case p.stage
		when 'IDENTIFIED' then 'IN_USE' when 'MISSIVES' then 'UNDER_OFFER' else p.stage end end || '"', 'null') || '}'
	  from asset as a left join disposal_plan as p on p.asset_id = a.id
	 where a.id = any (found)
	 order by a.id;
end
$$;

-- The fields of an asset that a line may carry, from its JSON over what is there.
create or replace function import_fields(a asset, fields jsonb) returns asset
	language sql stable
	return jsonb_populate_record(a, fields - '{authority_id,owners,effective_on}'::text[]);

-- How far the transaction is that applies or undoes an import at this moment, said where others see it before it is
-- committed: in the name of its session, which goes back with the transaction, however that ends.
create or replace function import_say(target text, what text, done int, of int) returns void
	language sql
as $$
	select set_config('application_name', format('%s %s %s %s', target, what, done, of), true);
$$;

-- What is being done with an import, and how many of its lines that change something are done: {state, done, of}. Null when
-- nothing is, or it is over.
create or replace function import_work(target text, state text) returns jsonb
	language sql stable
as $$
	select jsonb_build_object('state', w.word[2], 'done', w.word[3]::int, 'of', w.word[4]::int)
	  from pg_stat_activity as s, string_to_array(s.application_name, ' ') as w (word)
	 where s.datname = current_database() and s.pid <> pg_backend_pid() and cardinality(w.word) = 4 and w.word[1] = target
	   and w.word[2] = case import_work.state when 'PREVIEWED' then 'APPLYING' when 'APPLIED' then 'UNDOING' end
	 limit 1
$$;

-- What somebody was promised of an import and has not come about, with what can be done; null of no promise.
create or replace function import_not_done(p import_promise) returns jsonb
	language sql stable
	return case when p.import_id is not null then jsonb_build_object('move', p.move, 'begun_at', utc(p.begun_at), 'failed_at', utc(p.failed_at),
		'type', '/v1/problems/' || p.problem, 'title', p.title,
		'detail', format(case when p.failed_at is null
			then '%s was begun and is not at work: it waits for its turn, or was cut off with the daemon or the database. Nothing of it is stored. Ask for it again, which does it once.'
			else '%s failed, and nothing of it is stored. Ask for it again, to do it or to hear what is in its way; what has changed since may need a new preview.' end,
			case p.move when 'APPLY' then 'Applying this list' else 'Undoing this list' end)) end;

-- Why there is nothing to apply; null where there is something.
create or replace function import_nothing(i import) returns text
	language sql stable
	return case when exists (select from import_line as l where l.import_id = i.id) then null
		when i.kind = 'ASSETS' then format('The list names %s (%s) and has no lines below: there is nothing to do.',
			case cardinality(i.columns) when 1 then 'the column' else 'the columns' end, array_to_string(i.columns, ', '))
		else 'No asset is found by this filter: there is nothing to do.' end;

-- Its state as readers see it: a preview with nothing to apply is none that waits to be applied.
create or replace function import_stands(i import, nothing text) returns text
	language sql immutable
	return case when i.state = 'PREVIEWED' and nothing is not null then 'NOTHING_TO_DO' else i.state end;

-- What a line does that somebody should have said yes to: OWNED, land is taken as owned though the list does not say so; TWICE, a reference
-- that stands in the list before makes an asset of its own; NAMED, a name is made up.
create or replace function import_unsure(action text, changes jsonb, problems jsonb) returns text[]
	language sql immutable
	return case when action not in ('CREATE', 'UPDATE') or problems = '[]' then '{}' else array_remove(array[
		case when problems @> '[{"code": "tenure-assumed"}]' and (action = 'CREATE' or changes @> '[{"field": "tenure"}]') then 'OWNED' end,
		case when problems @> '[{"code": "duplicate-reference"}]' and action = 'CREATE' then 'TWICE' end,
		case when problems @> '[{"code": "name-made-up"}]' and (action = 'CREATE' or changes @> '[{"field": "name"}]') then 'NAMED' end], null) end;

-- The assets that an import changes and somebody has asked for, each with the first request that is open.
drop function if exists import_asked(text);
create function import_asked(target text) returns table (asset_id text, id text, reference text, community_body_name text)
	language sql stable
as $$
	select distinct on (r.asset_id) r.asset_id, r.id, r.reference, b.name
	  from import_line as l
	  join request as r on r.asset_id = l.asset_id
	  join request_state as s on s.code = r.state and s.is_open
	  join community_body as b on b.id = r.community_body_id
	 where l.import_id = target and l.action = 'UPDATE'
	 order by r.asset_id, r.id
$$;

-- How many lines of it are such, by what is to be said yes to.
create or replace function import_decisions(target text) returns jsonb
	language sql stable
as $$
	select jsonb_build_object('asked', (select count(*) from import_line as l join import_asked(target) as q on q.asset_id = l.asset_id
			where l.import_id = target and l.action = 'UPDATE'),
		'owned', count(*) filter (where 'OWNED' = any (u)), 'twice', count(*) filter (where 'TWICE' = any (u)),
		'named', count(*) filter (where 'NAMED' = any (u)))
	  from import_line as l, import_unsure(l.action, l.changes, l.problems) as u
	 where l.import_id = target and u <> '{}'
$$;

drop function if exists import_change(text, text, asset, text, jsonb, jsonb, text);

-- Exactly the owners that lines say which change them (back: those of before), of the lines from first to last.
create or replace function import_owners(target text, back boolean, first_line int, last_line int) returns void
	language sql
as $$
	with line as (
		select l.asset_id, case when back then l.before else l.fields end -> 'owners' as owners from import_line as l
		 where l.import_id = target and l.line between first_line and last_line and l.action = 'UPDATE'
		   and l.fields ? 'owners' and (not back or l.applied_version is not null)
	), gone as (
		delete from asset_owner as o using line as l
		 where o.asset_id = l.asset_id
		   and not l.owners @> jsonb_build_array(jsonb_build_object('authority_id', o.owner_id))
	)
	insert into asset_owner as was (asset_id, authority_id, published, owner_id, units)
	select a.id, a.authority_id, a.published, o.authority_id, o.units
	  from line as l join asset as a on a.id = l.asset_id,
	       jsonb_to_recordset(l.owners) as o (authority_id text, units bigint)
	on conflict (asset_id, owner_id) do update set units = excluded.units where was.units <> excluded.units;
$$;

drop function if exists import_update(text, int, jsonb);
drop function if exists import_update(text, boolean, date);
drop function if exists import_create(text);
drop function if exists import_create(text, date);

-- The next lines of an import that change something, behind line `done` (back: before it), at most so many: the
-- statements below take a stretch of lines each. No row: there are none.
create or replace function import_stretch(target text, back boolean, done int, most int)
	returns table (first_line int, last_line int, line_count int, updates int)
	language plpgsql stable
as $$
begin
	-- Each way by the index: a long list is not looked at as a whole for each of its stretches.
	if back then
		return query
		select min(l.line), max(l.line), count(*)::int, (count(*) filter (where l.action = 'UPDATE'))::int from (
			select i.line, i.action from import_line as i
			 where i.import_id = target and i.applied_version is not null and i.line < done
			 order by i.line desc limit most) as l
		having count(*) > 0;
	else
		return query
		select min(l.line), max(l.line), count(*)::int, (count(*) filter (where l.action = 'UPDATE'))::int from (
			select i.line, i.action from import_line as i
			 where i.import_id = target and i.action in ('CREATE', 'UPDATE') and i.line > done
			 order by i.line limit most) as l
		having count(*) > 0;
	end if;
end
$$;

-- What change_put would write of each asset of these lines, which are told with the ids given, in the order of the lines
-- (back: of the way back).
create or replace function import_changes(target text, back boolean, first_line int, last_line int, event_ids text[])
	returns void
	language sql
as $$
	insert into change (id, authority_id, readers, is_public, hidden, type, subject, subject_seq, actor_kind, reason, data, before, after)
	select event_ids[l.n], a.authority_id, array[a.authority_id::text] || array(select o.owner_id::text from asset_owner as o
			where o.asset_id = a.id and o.owner_id <> o.authority_id), a.published,
	       case when a.published then change_hidden(l.before, l.fields) || '{import_id}' else '{}' end,
	       case when l.action = 'UPDATE' then 'asset.updated' when back then 'asset.removed' else 'asset.created' end,
	       a.id, a.version, change_actor_kind(), case when back then 'undo' end,
	       jsonb_build_object('authority_id', a.authority_id, 'reference', a.reference, 'name', a.name,
			'class', a.class, 'lifecycle', a.lifecycle, 'import_id', target),
	       case when back then l.fields else l.before end, case when back then l.before else l.fields end
	  from (select *, row_number() over (order by case when back then -line else line end) as n from import_line
		 where import_id = target and line between first_line and last_line and action in ('CREATE', 'UPDATE')
		   and applied_version is not null) as l
	  join asset as a on a.id = l.asset_id
	 order by l.n;
$$;

-- Assets of the lines that change one, held in one order, so that two who wait for one another never wait in a circle.
create or replace function import_hold(target text, back boolean) returns void
	language sql
as $$
	select from asset as a
	 where a.id in (select l.asset_id from import_line as l where l.import_id = target and l.action = 'UPDATE'
		and (not back or l.applied_version is not null))
	 order by a.id for update;
$$;

-- Lay the fields of lines that change an asset over it (back: what was before), where it stands as it was
-- last seen. How many were changed: fewer than there are lines when one has moved.
create or replace function import_update(target text, back boolean, first_line int, last_line int, from_on date) returns bigint
	language plpgsql
as $$
declare
	moved bigint;
begin
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
	 where l.import_id = target and l.line between first_line and last_line and l.action = 'UPDATE' and a.id = o.id
	   and a.removed_at is null and a.version = case when back then l.applied_version else l.seen_version end;
	get diagnostics moved = row_count;
	perform import_owners(target, back, first_line, last_line);
	return moved;
end
$$;

-- New assets of these lines with their owners, whole as the preview settled them.
create or replace function import_create(target text, first_line int, last_line int, from_on date) returns void
	language sql
as $$
	insert into asset (id, effective_on, authority_id, published, reference, name, class, tenure, lifecycle, cpp_id, locality_id,
		data_zone, decile, address, postcode, uprn, title_number, easting, northing, lat, lon, boundary, area_m2, notes,
		common_good, in_trust, restrictions, lease_starts_on, lease_ends_on, checked_on, exempt_reason)
	select l.asset_id, from_on, l.authority_id, coalesce(a.published, true), a.reference, a.name, a.class, a.tenure, a.lifecycle, a.cpp_id,
	       a.locality_id, a.data_zone, coalesce(a.decile, 0), a.address, a.postcode, a.uprn, a.title_number,
	       a.easting, a.northing, a.lat, a.lon, a.boundary, a.area_m2, a.notes,
	       a.common_good, a.in_trust, a.restrictions, a.lease_starts_on, a.lease_ends_on, a.checked_on, a.exempt_reason
	  from import_line as l, jsonb_populate_record(null::asset, l.fields - '{authority_id,owners,effective_on}'::text[]) as a
	 where l.import_id = target and l.line between first_line and last_line and l.action = 'CREATE'
	 order by l.line;
	insert into asset_owner (asset_id, authority_id, published, owner_id, units)
	select l.asset_id, l.authority_id, coalesce((l.fields ->> 'published')::boolean, true), o.authority_id, o.units
	  from import_line as l, jsonb_to_recordset(l.fields -> 'owners') as o (authority_id text, units bigint)
	 where l.import_id = target and l.line between first_line and last_line and l.action = 'CREATE';
$$;

-- Carry an import out, a stretch of lines at a time in one transaction. asset_ids and event_ids: one for each
-- line that creates or changes. Applied before: nothing happens, and the caller answers as the first time. Nor does anything
-- where there is nothing to apply, and it is not said to have been applied.
-- AS070 it has lines with errors and skip_errors is not set; AS071 the register has moved
-- since the preview; AS072 it was undone.
create or replace function import_apply(target text, asset_ids text[], event_ids text[], last_event_id text,
	skip_errors boolean) returns boolean
	language plpgsql
as $$
declare
	most constant int := 1000; -- lines of a stretch
	im   import;
	s    record;
	upto int := 0;    -- the line of the list that has been reached
	lines int := (select count(*) from import_line where import_id = target and action in ('CREATE', 'UPDATE'));
	done int := 0;    -- lines that change something
	new_ids text[];   -- of the stretch
	told    text[];
begin
	select * into im from import where id = target for update;
	if im.state = 'APPLIED' or import_stands(im, import_nothing(im)) = 'NOTHING_TO_DO' then
		return false;
	elsif im.state <> 'PREVIEWED' then
		raise exception 'import % is %', target, im.state using errcode = 'AS072';
	elsif not skip_errors and exists (select from import_line where import_id = target and action = 'ERROR') then
		raise exception 'import % has errors', target using errcode = 'AS070';
	end if;

	if exists (select from import_line where import_id = target and action = 'UPDATE' and fields ?| '{lifecycle,boundary}') then
		-- The bar or an overlap is asked about, as for a single edit: then nobody else decides of the same land meanwhile.
		perform land_hold(im.authority_id);
	end if;
	perform import_hold(target, false);
	loop
		perform import_say(target, 'APPLYING', done, lines);
		select * into s from import_stretch(target, false, upto, most);
		exit when not found;
		new_ids := asset_ids[done + 1:done + s.line_count];
		told := event_ids[done + 1:done + s.line_count];
		update import_line as l
		   set asset_id = case l.action when 'CREATE' then new_ids[x.n] else l.asset_id end, event_id = told[x.n],
		       applied_version = coalesce(l.seen_version, 0) + 1
		  from (select line, row_number() over (order by line) as n from import_line
			 where import_id = target and line between s.first_line and s.last_line and action in ('CREATE', 'UPDATE')) as x
		 where l.import_id = target and l.line = x.line;
		begin
			perform import_create(target, s.first_line, s.last_line, coalesce(im.valid_on, clock_day()));
		exception when unique_violation then
			raise exception 'a reference of import % is taken meanwhile', target using errcode = 'AS071';
		end;
		if import_update(target, false, s.first_line, s.last_line, coalesce(im.valid_on, clock_day())) <> s.updates then
			raise exception 'import % is stale', target using errcode = 'AS071';
		end if;
		perform import_changes(target, false, s.first_line, s.last_line, told);
		upto := s.last_line;
		done := done + s.line_count;
	end loop;
	set constraints all immediate; -- here, where it is still seen to be at work
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
	most constant int := 1000; -- lines of a stretch
	im   import;
	s    record;
	upto int := 2147483647;
	lines int := (select count(*) from import_line where import_id = target and applied_version is not null);
	done int := 0; -- lines that changed something
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
	perform import_hold(target, true);
	loop
		perform import_say(target, 'UNDOING', done, lines);
		select * into s from import_stretch(target, true, upto, most);
		exit when not found;
		update asset as a set version = a.version + 1, removed_at = clock_at()
		  from import_line as l
		 where l.import_id = target and l.line between s.first_line and s.last_line and l.action = 'CREATE' and a.id = l.asset_id
		   and a.version = l.applied_version and a.removed_at is null;
		get diagnostics gone = row_count;
		if gone + import_update(target, true, s.first_line, s.last_line, coalesce(im.valid_on, clock_day())) <> s.line_count then
			raise exception 'something of import % was changed since', target using errcode = 'AS073';
		end if;
		perform import_changes(target, true, s.first_line, s.last_line, event_ids[done + 1:done + s.line_count]);
		upto := s.first_line;
		done := done + s.line_count;
	end loop;
	set constraints all immediate;
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
