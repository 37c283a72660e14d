-- Which land overlaps which (statute 5.3), and whose bar runs over it (section 84; statute 9).
--
-- Overlap is by land: the same asset; what it is part of, or is part of it, however far; and a pair
-- that an officer confirmed. Two parts of one whole do not overlap. All of it is within one
-- authority, whom the bar binds: so whoever may write there sees all that the rules ask for.
set local role assetd_owner;
set local search_path = assetd, public;

-- From here to the end of the transaction nobody else decides of that authority's land.
create or replace function land_hold(authority text) returns boolean
	language plpgsql
as $$
begin
	-- Held without writing: who removes thousands asks for each, and a row written as often is slow to find.
	perform from land_turn as t where t.authority_id = authority for update;
	if found then
		return true;
	end if;
	insert into land_turn (authority_id) values (authority)
	    on conflict (authority_id) do update set turn = land_turn.turn + 1;
	return true;
end
$$;

-- Is it part of nothing, with neither parts nor confirmed pairs, in anybody's eyes? Most land is, and this is asked some six times
-- for a change of a request: under the caller's row policies the three probes cost ten times as much. What the caller may see of
-- land that is not alone is looked for with the caller's rights.
create or replace function land_is_alone(asset text) returns boolean
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
	set plan_cache_mode = force_generic_plan
as $$
begin
	return not exists (select from asset as a where a.id = asset and a.part_of is not null)
	   and not exists (select from asset as a where a.part_of = asset)
	   and not exists (select from land_pair as p where (p.asset_id = asset or p.other_id = asset) and p.state = 'CONFIRMED'
			      and p.foreign_authority_id is null);
end
$$;

-- All assets whose land overlaps that of `asset`, itself included. relation, seen from it: SAME; WHOLE,
-- the other contains it; PART, it contains the other; PAIR, through a confirmed pair.
--
-- A pair with a part of something is certainly one with the whole. Of a pair with the whole
-- nobody knows which part was meant: it counts for each part, until an officer rejects the pair that
-- the part would make.
create or replace function land_overlap(asset text)
	returns table (asset_id text, relation text)
	language plpgsql stable rows 5
	set plan_cache_mode = force_generic_plan
as $$
begin
	if land_is_alone(asset) then
		return query select asset, text 'SAME';
		return;
	end if;
	return query
	with recursive up (id) as (
		select a.part_of from asset as a where a.id = asset and a.part_of is not null
		 union
		select a.part_of from up join asset as a on a.id = up.id where a.part_of is not null
	), down (id) as (
		select a.id from asset as a where a.part_of = asset
		 union
		select a.id from down join asset as a on a.part_of = down.id
	), line (id, relation) as (
		select asset, 'SAME'
		 union all
		select id::text, 'WHOLE' from up
		 union all
		select id::text, 'PART' from down
	), met (id, is_certain) as (
		select case p.asset_id when l.id then p.other_id else p.asset_id end, l.relation <> 'WHOLE'
		  from line as l join land_pair as p on p.asset_id = l.id or p.other_id = l.id
		 where p.state = 'CONFIRMED' and p.foreign_authority_id is null
	), met_up (id, is_certain) as (
		select id, is_certain from met
		 union
		select a.part_of, m.is_certain from met_up as m join asset as a on a.id = m.id where a.part_of is not null
	), met_down (id) as (
		select a.id from met as m join asset as a on a.part_of = m.id
		 union
		select a.id from met_down as m join asset as a on a.part_of = m.id
	)
	select line.id, line.relation from line
	 union all
	select m.id::text, 'PAIR'
	  from (select id, is_certain from met_up union all select id, false from met_down) as m
	 where not exists (select from line as l where l.id = m.id)
	 group by m.id
	having bool_or(m.is_certain)
	    or not exists (select from land_pair as p where (p.state = 'REJECTED' or p.was_rejected)
			      and p.asset_id = least(m.id::text, asset) and p.other_id = greatest(m.id::text, asset));
end
$$;

drop function if exists bar_of(text, date, text);
-- The requests that bar disposal of that land to anybody but the body of `own`: their bar runs
-- on that day, no exemption, and, when `own` asks for overlapping land itself, made before that
-- one. The earliest first. No row: none.
create or replace function bars_of(asset text, day date, own text)
	returns table (request_id text, reference text, validated_on date, asset_id text, relation text)
	language sql stable
as $$
	select r.id, r.reference, r.validated_on, o.asset_id, o.relation
	  from land_overlap(asset) as o
	  join request as r on r.asset_id = o.asset_id
	  left join request as mine on mine.id = own
	 where r.id is distinct from own and r.prohibits and r.bar_exemption is null
	   and r.bar_from <= day and (r.bar_to is null or day <= r.bar_to)
	   and (mine.id is null
		or (r.community_body_id <> mine.community_body_id
		    and (mine.validated_on is null
			 or (r.validated_on, r.received_on, r.reference_year, r.reference_number)
			  < (mine.validated_on, mine.received_on, mine.reference_year, mine.reference_number))))
	 order by r.validated_on, r.id
$$;

-- The requests that bar a contract to dispose of that land, as of today. Where the contract of a request for it, or for what it is
-- part of, is concluded, missives are that contract, and what would not have stopped it stops them neither (section 84).
create or replace function missives_bars(asset text)
	returns table (request_id text, reference text, validated_on date, asset_id text, relation text)
	language sql stable
as $$
	select b.*
	  from bars_of(asset, clock_day(), (
		select r.id
		  from land_overlap(asset) as o
		  join request as r on r.asset_id = o.asset_id
		 where o.relation in ('SAME', 'WHOLE') and r.state = 'CONTRACT_CONCLUDED'
		 order by r.validated_on, r.received_on, r.reference_year, r.reference_number
		 limit 1)) as b
$$;

-- Does this exemption hold against a bar that began on that day? Ministers direct on any day.
create or replace function exemption_holds(exemption text, dated_on date, validated_on date) returns boolean
	language sql immutable parallel safe
	return coalesce(exemption = 'DIRECTION' or dated_on < validated_on, false);

-- The land is gone: the asset or what it is part of was disposed of. PARTLY: a part of it, or what
-- an officer says it overlaps. Null: none of that. In plpgsql, which keeps its plan for a connection: in SQL
-- this was planned at each call, which took 18 of the 42 ms of a processor that a change of a request cost.
create or replace function land_gone(asset text) returns text
	language plpgsql stable
	set plan_cache_mode = force_generic_plan
as $$
begin
	return (select case when bool_or(o.relation in ('SAME', 'WHOLE')) then 'LAND_DISPOSED'
			when count(*) > 0 then 'LAND_PARTLY_DISPOSED' end
		  from land_overlap(asset) as o join asset as a on a.id = o.asset_id
		 where a.lifecycle = 'DISPOSED' and a.removed_at is null);
end
$$;

-- Do these two overlap by an officer's word, and does a bar run over the land of either? Then to say otherwise frees land.
create or replace function land_pair_bars(one text, other text) returns boolean
	language sql stable
	return exists (select from land_overlap(one) as o where o.asset_id = other and o.relation = 'PAIR')
		and (exists (select from bars_of(one, clock_day(), null)) or exists (select from bars_of(other, clock_day(), null)));

-- The live requests on overlapping land but `own`, with how their land lies to that of `asset`.
create or replace function land_requests(asset text, own text)
	returns table (request_id text, asset_id text, relation text)
	language sql stable
as $$
	select r.id, o.asset_id, o.relation
	  from land_overlap(asset) as o
	  join request as r on r.asset_id = o.asset_id
	  join request_state as s on s.code = r.state
	 where s.is_open and r.id is distinct from own
$$;

-- How many other assets show it when a bar begins or ends on this one.
create or replace function land_others(asset text) returns bigint
	language plpgsql stable
	set plan_cache_mode = force_generic_plan
as $$
begin
	return (select count(*) from land_overlap(asset) as o join asset as a on a.id = o.asset_id
		 where o.relation <> 'SAME' and a.removed_at is null);
end
$$;

-- Each of those moves, with a change of the next of these ids. AS045 there are more by now.
create or replace function land_move(asset text, event_ids text[], data jsonb) returns int
	language plpgsql
as $$
declare
	a record;
	n int := 0;
begin
	for a in select b.id, b.authority_id from land_overlap(land_move.asset) as o join asset as b on b.id = o.asset_id
		  where o.relation <> 'SAME' and b.removed_at is null order by b.id loop
		n := n + 1;
		perform must(n <= cardinality(event_ids), 45);
		perform change_put(event_ids[n], 'asset.updated', a.id, asset_move(a.id, null, null), a.authority_id, a.id,
			data, null, null, null, null, null, null);
	end loop;
	return n;
end
$$;

-- All land that what happens to these assets may be seen on: what overlaps them, and what overlaps that.
create or replace function land_reach(assets text[]) returns table (asset_id text)
	language sql stable
as $$
	select distinct p.asset_id
	  from unnest(assets) as a cross join lateral land_overlap(a) as o cross join lateral land_overlap(o.asset_id) as p
$$;

-- The land of these assets lies otherwise than it did, as one is now part of another or the same as it, which has
-- moved them both: whatever else shows another bar by it moves, with a change of the next of these ids.
-- AS045 there are more by now.
create or replace function land_show(assets text[], event_ids text[]) returns int
	language plpgsql
as $$
declare
	a record;
	n int := 0;
begin
	for a in select b.id, b.authority_id, i.body::json -> 'disposal' as disposal
		   from land_reach(assets) as r join asset as b on b.id = r.asset_id join item_asset_live as i on i.id = b.id
		  where b.id <> all (assets) and b.removed_at is null and b.rendered is distinct from i.body order by b.id loop
		n := n + 1;
		perform must(n <= cardinality(event_ids), 45);
		perform change_put(event_ids[n], 'asset.updated', a.id, asset_move(a.id, null, null), a.authority_id, a.id,
			jsonb_build_object('request_id', (select b.request_id from bars_of(a.id, clock_day(), null) as b limit 1),
				'is_barred', not (a.disposal ->> 'allowed')::boolean),
			null, null, null, null, null, null);
	end loop;
	return n;
end
$$;

-- The other live requests on overlapping land, the earliest first, each as an item for `target`:
-- is_earlier, it counts as made before; bars, its bar runs for another body and was there first, so
-- that the land may not go to the body of `target` meanwhile. Each keeps its own clocks.
create or replace function request_competing(target text) returns table (body json, number int)
	language sql stable
as $$
	select row_to_json(x), (row_number() over (order by x.validated_on, x.received_on, x.id))::int
	  from (
		select r.id, r.reference, r.community_body_id, b.name as community_body_name, r.kind, r.state, r.received_on,
		       r.validated_on, o.asset_id, a.name as asset_name, o.relation, e.is_earlier,
		       e.is_earlier and r.community_body_id <> t.community_body_id and r.prohibits and r.bar_exemption is null
			and r.bar_to is null as bars,
		       json_build_object('self', '/v1/requests/' || r.id, 'asset', '/v1/assets/' || o.asset_id) as links
		  from request as t
		 cross join lateral land_requests(t.asset_id, t.id) as o
		  join request as r on r.id = o.request_id
		  join asset as a on a.id = o.asset_id
		  join community_body as b on b.id = r.community_body_id
		 cross join lateral (select r.validated_on is not null and (t.validated_on is null
			or (r.validated_on, r.received_on, r.reference_year, r.reference_number)
			 < (t.validated_on, t.received_on, t.reference_year, t.reference_number)) as is_earlier) as e
		 where t.id = target
	       ) as x
$$;

-- May a request that arrived on that day be declined for one whose two years end on `until_on`, and why?
create or replace function repeat_verdict(relation text, received_on date, until_on date, out verdict text, out why text)
	language sql immutable parallel safe
	return (case when relation = 'SAME' and received_on < until_on then 'MAY_DECLINE' else 'ASK_OFFICER' end,
		case when received_on = until_on then 'It arrived on the day on which two years end; the law does not say on which side that is.'
			when relation = 'SAME' then 'The same land, the same kind, refused, and less than two years earlier.'
			else 'The land overlaps but is not the same: decline only where the matters are substantially the same.' end);

-- Was that request refused, by its ledger, whatever became of it since (s.93: the authority refused it)? The last answer counts: a
-- refusal that is being challenged, or was when the body withdrew, stands; one in whose place a review or an appeal put an agreement
-- does not. As it stood on a day, as known at a moment; null: now.
-- In plpgsql, as land_gone().
create or replace function request_was_refused(target text, day date, moment timestamptz) returns boolean
	language plpgsql stable
	set plan_cache_mode = force_generic_plan
as $$
begin
	return target is not null and coalesce((select e.state_to <> 'AGREED'
		  from request_event as e
		  left join request_event as later on later.id = e.superseded_by
		 where e.request_id = target and e.state_to in ('REFUSED', 'REFUSED_AFTER_REVIEW', 'CLOSED_REFUSED', 'AGREED')
		   and e.state_to is distinct from e.state_from and (day is null or e.happened_on <= day)
		   and (moment is null or e.recorded_at <= moment) and (e.superseded_by is null or later.recorded_at > moment)
		 order by coalesce(e.place, e.number) desc, e.number desc limit 1), false);
end
$$;

-- Earlier requests for which section 93 lets the authority decline `target` (statute 4.3, K25): of its kind,
-- on overlapping land, refused, made no more than two years before it arrived. verdict: MAY_DECLINE;
-- ASK_OFFICER, it is not the very same land, or arrived on the day on which the two years end.
-- Whether it declines is the authority's choice.
create or replace function request_earlier(target text) returns table (body json, number int)
	language sql stable
as $$
	select row_to_json(x), (row_number() over (order by x.validated_on desc, x.id))::int
	  from (
		select r.id, r.reference, r.community_body_id, b.name as community_body_name, r.kind, r.state, r.validated_on,
		       d.until_on, o.asset_id, o.relation,
		       v.verdict, v.why,
		       json_build_object('self', '/v1/requests/' || r.id, 'asset', '/v1/assets/' || o.asset_id) as links
		  from request as t
		 cross join lateral land_overlap(t.asset_id) as o
		  join request as r on r.asset_id = o.asset_id and r.kind = t.kind and r.id <> t.id
		  join community_body as b on b.id = r.community_body_id
		 cross join lateral (select (r.validated_on + interval '2 years')::date as until_on) as d
		 cross join lateral repeat_verdict(o.relation, t.received_on, d.until_on) as v
		 where t.id = target and r.validated_on < t.received_on and t.received_on <= d.until_on
		   and request_was_refused(r.id, null, null)
	       ) as x
$$;

-- Who competes, and who does so no more: the live requests on the land of these assets and on what overlaps it get the
-- flag or lose it, each with a change of the next of these ids behind the first `used`; not `own`, whose row says it
-- itself (0065_guard.sql). Returns how many ids are used by then. AS045 there are more by now. Who confirms a representation may move
-- one request alone: what time ends in passing is the tick's, which is there first.
create or replace function land_compete(assets text[], own text, event_ids text[], used int) returns int
	language plpgsql
as $$
declare
	r record;
	n int := used;
begin
	if actor_link() <> '' and actor_asks() is null then
		return n;
	end if;
	for r in select q.id, q.version, q.authority_id, q.asset_id, x.rival
		   from (select distinct o.asset_id from unnest(assets) as a (id) cross join lateral land_overlap(a.id) as o) as l
		   join request as q on q.asset_id = l.asset_id and q.id is distinct from own
		   join request_state as s on s.code = q.state and s.is_open
		  cross join lateral (select min(c.request_id) as rival from land_requests(q.asset_id, q.id) as c) as x
		  where (x.rival is not null) <> ('COMPETING' = any (q.flags)) order by q.id loop
		n := n + 1;
		perform must(n <= cardinality(event_ids), 45);
		update request set version = version + 1, effective_on = clock_day(),
			flags = case when r.rival is not null then array_append(flags, 'COMPETING') else array_remove(flags, 'COMPETING') end
		 where id = r.id;
		perform change_put(event_ids[n], 'request.updated', r.id, r.version + 1, r.authority_id, r.asset_id,
			jsonb_strip_nulls(jsonb_build_object(case when r.rival is not null then 'flag' else 'flag_ended' end, 'COMPETING',
				'request_id', coalesce(own, r.rival))),
			null, null, null, null, null, null);
	end loop;
	return n;
end
$$;

-- The same of the land of one request that came, or ended, or is live again.
create or replace function request_compete(own text, event_ids text[]) returns int
	language plpgsql
as $$
begin
	return land_compete((select array[r.asset_id::text] from request as r where r.id = own and r.asset_id is not null), own, event_ids, 0);
end
$$;

-- An officer's word on two assets, the newest of which stands. id: the pair's, a new one where there is none.
-- Whatever shows a bar by it, before or after, moves with a change of the next of these ids, and so do live
-- requests that compete by it from now on, or do so no more.
-- A pair over two authorities bars nothing; it is there already, and only the officer's own asset tells of it.
-- AS045 there are more by now, or somebody else made the pair meanwhile.
create or replace function land_pair_put(id text, asset text, other text, state text, reason text, event_ids text[])
	returns text
	language plpgsql
as $$
#variable_conflict use_variable
declare
	lesser  constant text := least(asset, other);
	greater constant text := greatest(asset, other);
	whose   constant text := (select a.authority_id from asset as a where a.id = asset);
	moved   text[];
	pair    text;
	one     text;
	n       int := 0;
begin
	update land_pair as p set version = p.version + 1, state = land_pair_put.state, reason = land_pair_put.reason,
		decided_on = clock_day(), decided_by = actor_id(), was_rejected = false, shapes = pair_shapes(lesser, greater)
	 where p.id = land_pair_put.id and p.asset_id = lesser and p.other_id = greater and p.foreign_authority_id is not null;
	if found then
		-- What an officer decided stands in the history of his own asset.
		if not (whose = any (actor_in('estates')) or actor_everywhere('estates')) then
			asset := other;
		end if;
		perform change_put(event_ids[1], 'asset.updated', asset, asset_move(asset, null, null),
			(select a.authority_id from asset as a where a.id = land_pair_put.asset), asset,
			jsonb_build_object('pair_id', id, 'pair_state', state), null, null, null, null, null, null);
		return id;
	end if;
	perform land_hold(whose);
	moved := array(select o.asset_id from land_overlap(asset) as o union select o.asset_id from land_overlap(other) as o);
	insert into land_pair as p (id, authority_id, asset_id, other_id, state, source, reason, decided_on, decided_by, shapes)
	values (id, whose, lesser, greater, state, 'OFFICER', reason, clock_day(), actor_id(), pair_shapes(lesser, greater))
	    on conflict (asset_id, other_id) do update set version = p.version + 1, state = excluded.state,
		reason = excluded.reason, decided_on = excluded.decided_on, decided_by = excluded.decided_by,
		was_rejected = false, shapes = excluded.shapes
	returning p.id into pair;
	perform must(pair = id, 45);
	for one in select a.id from asset as a where a.id = any (moved) and a.removed_at is null order by a.id loop
		n := n + 1;
		perform must(n <= cardinality(event_ids), 45);
		-- Without the reason: it may speak of an entry that is not published, and these events are.
		perform change_put(event_ids[n], 'asset.updated', one, asset_move(one, null, null), whose, one,
			jsonb_build_object('pair_id', pair, 'pair_state', state), null, null, null, null, null, null);
	end loop;
	perform land_compete(array[asset, other], null, event_ids, n);
	return pair;
end
$$;
