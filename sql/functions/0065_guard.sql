-- What must never be in the register, whoever writes at the same moment. The daemon decides
-- on what it has loaded and says best what is wrong; between its load and its store somebody else
-- may have written. Each guard of the bar first takes its turn (land_hold): of two writers who
-- would be wrong together the second sees the first. The errors are those of err.def.
set local role assetd_owner;
set local search_path = assetd, public;

-- Disposal to anybody else while a bar runs over the land or what overlaps it (section 84), unless
-- an exemption is named that was there before each of the requests that bar it.
create or replace function disposal_guard() returns trigger
	language plpgsql
as $$
begin
	perform land_hold(new.authority_id);
	perform from asset where id = new.asset_id for no key update;
	perform must(not exists (select from bars_of(new.asset_id, new.completed_on, new.request_id) as b
		where not exemption_holds(new.exemption, new.exemption_dated_on, b.validated_on)), 56);
	return new;
end
$$;

-- A request for what was removed meanwhile is none; one for what was disposed of says so, and one
-- that competes. Land that was not listed may get its asset later; from then on only what overlaps
-- it takes its place, so that no bar is carried off to other land, and while it runs none of its parts, which would free the rest.
create or replace function request_guard() returns trigger
	language plpgsql
as $$
declare
	is_gone boolean;
	flag    text;
begin
	perform land_hold(new.authority_id);
	if tg_op = 'UPDATE' and old.asset_id is not null then
		perform must(exists (select from land_overlap(old.asset_id) as o where o.asset_id = new.asset_id), 45);
		perform must(old.bar_from is null or old.bar_to is not null or not old.prohibits or old.bar_exemption is not null
			or not exists (select from land_overlap(old.asset_id) as o
				where o.asset_id = new.asset_id and o.relation = 'PART'), 56);
	end if;
	select removed_at is not null into is_gone from asset where id = new.asset_id for share;
	perform must(is_gone is not true, 45); -- none that the actor may ask for: its policy says so
	flag := land_gone(new.asset_id);
	if flag is not null and flag <> all (new.flags) then
		new.flags := array_append(new.flags, flag);
	end if;
	if not 'COMPETING' = any (new.flags) and exists (select from land_requests(new.asset_id, new.id)) then
		new.flags := array_append(new.flags, 'COMPETING');
	end if;
	return new;
end
$$;

-- A bar begins in its turn, so that a disposal that was let pass before it is over, or finds it.
-- It ends with a state that has none, which only the events of section 84(4) and the acts of an
-- officer lead to, or by an exemption: never by a date or a word written beside them.
create or replace function request_bar_guard() returns trigger
	language plpgsql
as $$
declare
	runs constant boolean := new.bar_from is not null and new.bar_to is null and new.prohibits and new.bar_exemption is null;
	ran  constant boolean := tg_op = 'UPDATE' and old.bar_from is not null and old.bar_to is null and old.prohibits
		and old.bar_exemption is null;
	flag text;
begin
	if ran and not runs and new.bar_exemption is null
	   and exists (select from request_state as s where s.code = new.state and s.bars) then
		raise exception 'request % bars disposal in state %', new.reference, new.state
			using errcode = 'check_violation', constraint = 'request_bar_runs';
	elsif runs and new.asset_id is not null and (not ran or new.asset_id is distinct from old.asset_id) then
		perform land_hold(new.authority_id);
		perform from asset where id = new.asset_id for no key update; -- which shows the bar at the end
		flag := land_gone(new.asset_id);
		if flag is not null and flag <> all (new.flags) then
			new.flags := array_append(new.flags, flag);
		end if;
	end if;
	return new;
end
$$;

-- Whether it competes its own row says at each move: with whoever is live on overlapping land, while it is live itself.
create or replace function request_compete_guard() returns trigger
	language plpgsql
as $$
declare
	competes constant boolean := coalesce((select s.is_open from request_state as s where s.code = new.state)
		and exists (select from land_requests(new.asset_id, new.id)), false);
begin
	if competes <> ('COMPETING' = any (new.flags)) then
		new.flags := case when competes then array_append(new.flags, 'COMPETING') else array_remove(new.flags, 'COMPETING') end;
	end if;
	return new;
end
$$;

-- An asset is not removed under a live request for it or for what overlaps it; one that was disposed
-- of stays so; and none becomes so while a bar runs, but by a disposal, which says why it may. Nor does what is owned become
-- leased in from a day on which a bar runs, since then somebody else owns it; what was so before the bar is a correction.
create or replace function asset_guard() returns trigger
	language plpgsql
	set plan_cache_mode = force_generic_plan
as $$
begin
	if new.removed_at is not null and old.removed_at is null then
		perform land_hold(new.authority_id);
		-- Overlap is within one authority, and most have no live request at all.
		if exists (select from request as r join request_state as s on s.code = r.state
			    where r.authority_id = new.authority_id and s.is_open) then
			perform must(not exists (select from land_requests(new.id, null)), 57);
		end if;
	end if;
	if new.lifecycle <> old.lifecycle then
		perform must(old.lifecycle <> 'DISPOSED'
			or not exists (select from disposal as d where d.asset_id = new.id and d.undone_at is null), 58);
	end if;
	if new.lifecycle = 'DISPOSED' and old.lifecycle <> 'DISPOSED' then
		perform land_hold(new.authority_id);
		perform must(exists (select from disposal as d where d.asset_id = new.id and d.undone_at is null)
			or not exists (select from bars_of(new.id, clock_day(), null)), 56);
	end if;
	if old.tenure = 'OWNED' and new.tenure = 'LEASED_IN' then
		perform land_hold(new.authority_id);
		perform must(not exists (select from bars_of(new.id, new.effective_on, null)), 56);
	end if;
	return new;
end
$$;

-- What has parts is not removed before them: they would be parts of nothing, and what overlaps would be forgotten.
-- Asked when the statement is done, which may remove both. Of what is merged they stay: both are a pair of the same land.
create or replace function asset_parts_guard() returns trigger
	language plpgsql
as $$
begin
	perform must(not exists (select from asset as p where p.part_of = new.id and p.removed_at is null), 89);
	return null;
end
$$;

-- While a bar runs the authority's share goes to nobody else: its units do not fall, nor do those of others rise.
create or replace function asset_owner_guard() returns trigger
	language plpgsql
as $$
declare
	a asset;
begin
	select * into a from asset where id = case when tg_op = 'DELETE' then old.asset_id else new.asset_id end;
	perform land_hold(a.authority_id);
	perform must(not exists (select from bars_of(a.id, a.effective_on, null)), 56);
	return case when tg_op = 'DELETE' then old else new end;
end
$$;

-- What is split off, or joined, never leads back to itself; it is not split off what is gone; and
-- nothing leaves a whole, nor comes disposed of, while a bar runs over it.
create or replace function asset_part_guard() returns trigger
	language plpgsql
as $$
declare
	whole text := new.part_of;
	seen  text[] := array[new.id];
begin
	perform land_hold(new.authority_id);
	if tg_op = 'UPDATE' and old.part_of is not null then
		perform must(not exists (select from bars_of(new.id, clock_day(), null)), 56);
	end if;
	perform must(new.part_of is null or exists (select from asset as a where a.id = new.part_of
		and a.removed_at is null), 42);
	while whole is not null loop
		perform must(not whole = any (seen), 65);
		seen := seen || whole;
		select part_of into whole from asset where id = whole;
	end loop;
	if tg_op = 'INSERT' and new.lifecycle = 'DISPOSED' then
		perform must(not exists (select from bars_of(new.part_of, clock_day(), null)), 56);
	end if;
	-- What was the authority's is not made another's by calling a part of it so.
	if tg_op = 'INSERT' and new.tenure = 'LEASED_IN' and exists (select from asset as a where a.id = new.part_of and a.tenure = 'OWNED') then
		perform must(not exists (select from bars_of(new.part_of, coalesce(new.effective_on, clock_day()), null)), 56);
	end if;
	return new;
end
$$;

-- Overlap by the register's own word cannot be talked away, nor need be said twice. Over two authorities there is
-- none, and nothing is barred by such a pair, so nobody waits for anybody's turn.
create or replace function land_pair_guard() returns trigger
	language plpgsql
as $$
begin
	if new.foreign_authority_id is not null then
		return new;
	end if;
	perform land_hold(new.authority_id);
	perform must(not exists (select from land_overlap(new.asset_id) as o
		where o.asset_id = new.other_id and o.relation in ('WHOLE', 'PART')), 66);
	return new;
end
$$;

create or replace function may_free(authority text) returns boolean
	language sql stable
	return authority = any (actor_in('decider')) or actor_everywhere('decider');

-- Land that a bar reaches by an officer's word is freed by a decision (section 84; statute 9): by who holds DECIDER there, whether the
-- pair itself is taken back, or it is said that a part is not the one that was meant by a pair of its whole.
create or replace function land_pair_free_guard() returns trigger
	language plpgsql
as $$
declare
	was  constant boolean := tg_op = 'UPDATE' and old.state = 'CONFIRMED' and old.foreign_authority_id is null;
	says constant boolean := new.foreign_authority_id is null and (new.state = 'REJECTED' or new.was_rejected);
begin
	if was and (new.state, new.asset_id, new.other_id) is distinct from (old.state, old.asset_id, old.other_id) then
		perform land_hold(old.authority_id);
		perform must(may_free(old.authority_id) or not land_pair_bars(old.asset_id, old.other_id), 31);
	end if;
	if says then
		perform land_hold(new.authority_id);
		perform must(may_free(new.authority_id) or not land_pair_bars(new.asset_id, new.other_id), 31);
	end if;
	return new;
end
$$;

create or replace trigger guard before insert on disposal
	for each row execute function disposal_guard();
create or replace trigger guard before insert on request
	for each row when (new.asset_id is not null) execute function request_guard();
create or replace trigger guard_asset before update of asset_id on request
	for each row when (new.asset_id is distinct from old.asset_id) execute function request_guard();
create or replace trigger guard_bar before insert or update of state, asset_id, prohibits, bar_exemption, bar_from, bar_to
	on request for each row execute function request_bar_guard();
create or replace trigger guard_compete before update of state, flags on request
	for each row when (new.asset_id is not null) execute function request_compete_guard();
create or replace trigger guard before update on asset
	for each row when (new.removed_at is distinct from old.removed_at or new.lifecycle <> old.lifecycle or new.tenure <> old.tenure)
	execute function asset_guard();
create or replace trigger guard_parts after update on asset
	for each row when (new.removed_at is not null and old.removed_at is null and new.merged_into is null)
	execute function asset_parts_guard();
create or replace trigger guard before insert on asset_owner
	for each row when (new.owner_id <> new.authority_id and new.units > 0) execute function asset_owner_guard();
create or replace trigger guard_move before update on asset_owner
	for each row when (case when new.owner_id = new.authority_id then new.units < old.units else new.units > old.units end)
	execute function asset_owner_guard();
create or replace trigger guard_end before delete on asset_owner
	for each row when (old.owner_id = old.authority_id and old.units > 0) execute function asset_owner_guard();
create or replace trigger guard_part before insert on asset
	for each row when (new.part_of is not null) execute function asset_part_guard();
create or replace trigger guard_part_move before update of part_of, authority_id on asset
	for each row when (new.part_of is distinct from old.part_of) execute function asset_part_guard();
create or replace trigger guard before insert or update of state, asset_id, other_id, authority_id on land_pair
	for each row when (new.state <> 'PROPOSED') execute function land_pair_guard();
create or replace trigger guard_free before insert on land_pair
	for each row when (new.state = 'REJECTED' or new.was_rejected) execute function land_pair_free_guard();
create or replace trigger guard_free_move before update on land_pair
	for each row when (old.state = 'CONFIRMED' or new.state = 'REJECTED' or new.was_rejected) execute function land_pair_free_guard();
