-- What must never be in the register, whoever writes at the same moment. The daemon decides
-- on what it has loaded and says best what is wrong; between its load and its store somebody else
-- may have written. Each guard first has the asset's row, so that of two writers who would be
-- wrong together the second sees the first. The errors are those of err.def.
set local role assetd_owner;
set local search_path = assetd, public;

-- Disposal to anybody else while a bar runs (section 84), unless an exemption is named.
create or replace function disposal_guard() returns trigger
	language plpgsql
as $$
begin
	perform from asset where id = new.asset_id for no key update;
	perform must(new.exemption is not null
		or not exists (select from bar_of(new.asset_id, new.completed_on, new.request_id)), 56);
	return new;
end
$$;

-- A request for what was removed meanwhile is none; one for what was disposed of says so.
create or replace function request_guard() returns trigger
	language plpgsql
as $$
declare
	a record;
begin
	select removed_at is not null as gone, lifecycle = 'DISPOSED' as is_disposed into a
	  from asset where id = new.asset_id for share;
	perform must(a.gone is not true, 45); -- none that the actor may ask for: its policy says so
	if a.is_disposed and not 'LAND_DISPOSED' = any (new.flags) then
		new.flags := array_append(new.flags, 'LAND_DISPOSED');
	end if;
	return new;
end
$$;

-- An asset under a live request is not removed, and one that was disposed of stays so. The
-- row is ours by now: whoever asked for it before has committed, and is seen.
create or replace function asset_guard() returns trigger
	language plpgsql
as $$
begin
	if new.removed_at is not null and old.removed_at is null then
		perform must(not exists (select from request as r join request_state as s on s.code = r.state
			where r.asset_id = new.id and s.is_open), 57);
	end if;
	if new.lifecycle <> old.lifecycle then
		perform must(old.lifecycle <> 'DISPOSED'
			or not exists (select from disposal as d where d.asset_id = new.id), 58);
	end if;
	return new;
end
$$;

create or replace trigger guard before insert on disposal
	for each row execute function disposal_guard();
create or replace trigger guard before insert on request
	for each row when (new.asset_id is not null) execute function request_guard();
create or replace trigger guard before update on asset
	for each row when (new.removed_at is distinct from old.removed_at or new.lifecycle <> old.lifecycle)
	execute function asset_guard();
