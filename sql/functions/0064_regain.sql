-- A disposal that did not happen, or not so, is undone: the asset and the requests on its land are as if it had not been
-- recorded, from now on; what was known before stays to be asked for.
set local role assetd_owner;
set local search_path = assetd, public;

-- What an asset's life was known to be on that day before it was known as disposed of; null: never anything else.
create or replace function lifecycle_before(asset text, day date) returns text
	language sql stable
as $$
	select f.body ->> 'lifecycle' from fact as f
	 where f.subject = asset and f.part = 'asset' and f.valid @> day and f.body ->> 'lifecycle' <> 'DISPOSED'
	 order by upper(f.known) desc nulls first limit 1
$$;

-- The facts of a disposal that is undone: there was none, and the asset lived on. The newest days first, because what is
-- put of a day holds until something else is known.
create or replace function fact_undo_disposal() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	r record;
begin
	perform fact_put(new.asset_id, 'disposal', new.authority_id, new.asset_id, new.published, false, new.completed_on, null);
	perform fact_put(new.asset_id, 'disposal_money', new.authority_id, new.asset_id, new.published, true, new.completed_on, null);
	for r in select lower(f.valid) as from_on, lifecycle_before(new.asset_id, lower(f.valid)) as lifecycle from fact as f
		  where f.subject = new.asset_id and f.part = 'asset' and upper_inf(f.known) and f.body ->> 'lifecycle' = 'DISPOSED'
		    and lower(f.valid) >= new.completed_on
		  order by f.valid desc loop
		continue when r.lifecycle is null;
		perform fact_put(new.asset_id, 'asset', new.authority_id, new.asset_id, new.published, false, r.from_on,
			jsonb_build_object('lifecycle', r.lifecycle));
	end loop;
	return null;
end
$$;

create or replace trigger fact_undo after update of undone_at on disposal
	for each row when (old.undone_at is null and new.undone_at is not null) execute function fact_undo_disposal();

-- When a completion was first recorded of which that disposal tells: one that takes the place of another begins at the very
-- moment at which that one is undone.
create or replace function disposal_since(target disposal) returns timestamptz
	language sql stable
as $$
	select max(d.created_at) from disposal as d
	 where d.request_id is not distinct from target.request_id and d.asset_id = target.asset_id
	   and not exists (select from disposal as b where b.asset_id = d.asset_id and b.request_id is not distinct from d.request_id
		and b.undone_at = d.created_at)
$$;

-- What happened to the land since a disposal was recorded, and rests on it, the earliest first: another disposal, or a
-- contract with somebody else. In words, with its day.
create or replace function disposal_rests(target disposal) returns table (words text, happened_on date)
	language sql stable
as $$
	select 'the disposal of ' || a.name || ' on ' || day_in_words(d.completed_on), d.completed_on
	  from land_overlap(target.asset_id) as o
	  join disposal as d on d.asset_id = o.asset_id and d.undone_at is null and d.created_at > disposal_since(target)
	   and d.id <> target.id and (d.request_id is null or d.request_id is distinct from target.request_id)
	  join asset as a on a.id = d.asset_id
	 union all
	select 'request ' || r.reference || case e.event when 'COMPLETE' then ', completed on ' else ', with its contract of ' end
		|| day_in_words(e.happened_on), e.happened_on
	  from land_overlap(target.asset_id) as o
	  join request as r on r.asset_id = o.asset_id and r.id is distinct from target.request_id
	  join request_event as e on e.request_id = r.id and e.superseded_by is null and e.event in ('CONCLUDE_CONTRACT', 'COMPLETE')
	   and e.recorded_at > disposal_since(target)
	 order by 2, 1
$$;

-- The asset's version when it has its life back. AS045 somebody else has undone it, or has
-- done more since that rests on it than `seen`.
create or replace function disposal_undo(target text, seen bigint) returns int
	language plpgsql
as $$
declare
	d    disposal;
	life record;
begin
	update disposal set version = version + 1, undone_at = clock_at() where id = target and undone_at is null returning * into d;
	perform must(found, 45);
	perform must((select count(*) from disposal_rests(d)) = seen, 45);
	select f.body ->> 'lifecycle' as lifecycle, lower(f.valid) as from_on into life
	  from fact as f where f.subject = d.asset_id and f.part = 'asset' and f.valid @> clock_day() and upper_inf(f.known);
	return asset_move(d.asset_id, life.lifecycle, life.from_on);
end
$$;

-- The requests that were told that their land is gone are told what of that still holds, each with a change of the next of
-- these ids; not `own`, whose row says it itself ('': a disposal by hand is undone). Returns how many. AS045 there are more by now.
create or replace function land_regain(asset text, own text, event_ids text[]) returns int
	language plpgsql
as $$
declare
	told constant text[] := '{LAND_DISPOSED,LAND_PARTLY_DISPOSED}';
	r    record;
	n    int := 0;
begin
	for r in select q.id, q.version, q.authority_id, q.asset_id, q.flags, g.flag
		   from (select distinct o.asset_id from land_overlap(land_regain.asset) as o) as l
		   join request as q on q.asset_id = l.asset_id and q.id <> own and q.flags && told
		  cross join lateral (select land_gone(q.asset_id) as flag) as g
		  where g.flag is null or g.flag <> all (q.flags) or q.flags @> told order by q.id loop
		n := n + 1;
		perform must(n <= cardinality(event_ids), 45);
		update request set version = version + 1, effective_on = clock_day(),
			flags = array_remove(array_remove(flags, told[1]), told[2]) || array_remove(array[r.flag], null)
		 where id = r.id;
		perform change_put(event_ids[n], 'request.updated', r.id, r.version + 1, r.authority_id, r.asset_id,
			jsonb_strip_nulls(jsonb_build_object('flag', r.flag, 'request_id', nullif(own, ''),
				'flag_ended', (select t from unnest(told) as t where t = any (r.flags) and t is distinct from r.flag limit 1))),
			null, null, null, null, null, null);
	end loop;
	return n;
end
$$;
