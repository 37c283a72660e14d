-- What writes and lists of the register share.
set local role assetd_owner;
set local search_path = assetd, public;

-- True, or our error of that number in err.def, which undoes the batch: a write that found no
-- row at the version it had seen must not leave the statements beside it standing.
create or replace function must(done boolean, err int) returns boolean
	language plpgsql
as $$
begin
	if done is not true then
		raise exception 'the row is not as it was seen' using errcode = 'AS' || lpad(err::text, 3, '0');
	end if;
	return true;
end
$$;

-- The members of an object that are named; null when there are none.
create or replace function jsonb_only(o jsonb, names text[]) returns jsonb
	language plpgsql immutable parallel safe strict
as $$
begin
	return (select jsonb_object_agg(key, value) from jsonb_each(o) where key = any (names));
end
$$;

-- One change with its parts taken from the JSON of what was there and what is there now: data
-- is `now`, before and after only what differs, and the members named in `money` go to the
-- readers of money. seq null: the version of the asset or request, which a statement before this
-- one moved. actor_kind null: as change_put has it; SYSTEM: time did it, whoever recorded it.
-- (In plpgsql, since a function in SQL is planned anew at each call.)
drop function if exists change_write(text, text, text, int, text, text, jsonb, jsonb, jsonb, text[], text);
create or replace function change_write(id text, type text, subject text, seq int, authority text, asset text,
	data jsonb, was jsonb, is_now jsonb, money text[], reason text, actor_kind text) returns text
	language plpgsql
as $$
#variable_conflict use_variable
declare
	before jsonb := jsonb_changed(is_now, was);
	after  jsonb := jsonb_changed(was, is_now);
	asked  record;
begin
	select r.version, r.reference into asked from request as r where r.id = subject;
	return change_put(id, type, subject,
		coalesce(seq, (select a.version from asset as a where a.id = subject), asked.version), authority, asset,
		data - money || case when asked.reference is null then '{}' else jsonb_build_object('reference', asked.reference) end,
		before - money, after - money, jsonb_only(data, money), jsonb_only(before, money), jsonb_only(after, money), reason,
		actor_kind => actor_kind);
end
$$;

-- An asset's next version: something that hangs on it has changed. `lifecycle` null: as it is.
-- AS040 it is not there (or removed), or not for the actor to move.
create or replace function asset_move(target text, lifecycle text, effective_on date) returns int
	language plpgsql
as $$
declare
	moved int;
begin
	update asset as a
	   set version = a.version + 1, lifecycle = coalesce(asset_move.lifecycle, a.lifecycle),
	       effective_on = case when asset_move.lifecycle is distinct from a.lifecycle and asset_move.lifecycle is not null
			then asset_move.effective_on else a.effective_on end
	 where a.id = target and a.removed_at is null
	returning a.version into moved;
	perform must(found, 40);
	return moved;
end
$$;

-- A community body's next version, for an authority that did not record it: its own contact has
-- changed, which is part of what it is shown. False: the body is not at `seen`. With its owner's
-- rights, since the row is another's to change; it moves the version and nothing else.
-- insufficient_privilege  the actor keeps no community bodies for anybody
create or replace function body_move(target text, seen int) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	if cardinality(actor_in('estates')) = 0 then
		raise insufficient_privilege;
	end if;
	update community_body set version = version + 1 where id = target and version = seen;
	return found;
end
$$;

-- The first request that bars disposal to anybody but `body` (section 84; statute 9): its land, its
-- bar runs on that day, no exemption, and, when `body` asks for the land itself in request
-- `own`, made before that one. No row: none.
create or replace function bar_of(asset text, day date, own text)
	returns table (request_id text, reference text)
	language sql stable
as $$
	select r.id, r.reference
	  from request as r
	  left join request as mine on mine.id = own
	 where r.asset_id = asset and r.id is distinct from own and r.prohibits and r.bar_exemption is null
	   and r.bar_from <= day and (r.bar_to is null or day <= r.bar_to)
	   and (mine.id is null
		or (r.community_body_id <> mine.community_body_id
		    and (mine.validated_on is null
			 or (r.validated_on, r.received_on, r.reference_year, r.reference_number)
			  < (mine.validated_on, mine.received_on, mine.reference_year, mine.reference_number))))
	 order by r.validated_on, r.id
	 limit 1
$$;

-- An asset as it was true on a day and known at a moment, with its valuations and its plan, from
-- facts alone. version: how many changes were known. No row: nothing was known of that day, or
-- not for this reader. Money as in the items: for FINANCE of the lead or of an owner, and what was
-- valued without restriction for everybody.
create or replace function asset_at(target text, valid_on date, known_at timestamptz)
	returns table (version int, gone boolean, body text)
	language sql stable
as $$
	with part as (
		select f.part, f.body
		  from fact as f
		 where f.subject = target and f.valid @> asset_at.valid_on and f.known @> asset_at.known_at
		   and f.body is not null
	), may as (
		select a.authority_id = any (actor_in('money')) or actor_everywhere('money')
		       or exists (select from asset_owner as o where o.asset_id = a.id and o.owner_id = any (actor_in('money'))) as sees
		  from asset as a where a.id = target
	)
	select h.version,
	       a.body ->> 'removed_at' is not null,
	       (jsonb_build_object('id', target, 'version', h.version, 'created_at', utc(h.first), 'updated_at', utc(h.last),
			'valid_on', asset_at.valid_on, 'known_at', utc(asset_at.known_at))
		|| (a.body - 'removed_at'::text)
		|| coalesce((select o.body from part as o where o.part = 'owners'), '{}')
		|| jsonb_build_object(
			'valuations', (select coalesce(jsonb_agg(v.body - '{authority_id,asset_id}'::text[] || case when may.sees or v.body ->> 'restricted' = 'false'
						then coalesce((select m.body from part as m where m.part = 'valuation_money:' || (v.body ->> 'basis')
							and m.body ->> 'id' = v.body ->> 'id'), '{}') else '{}' end order by v.part), '[]')
					 from part as v, may where v.part like 'valuation:%'),
			'disposal_plan', (select p.body - '{authority_id,asset_id}'::text[] || case when may.sees
						then coalesce((select m.body - '{plan_id,authority_id,asset_id}'::text[] from part as m where m.part = 'plan_money'), '{}')
						else '{}' end
					    from part as p, may where p.part = 'plan'),
			'disposal', (select d.body - '{authority_id,asset_id}'::text[] from part as d where d.part = 'disposal'),
			'links', json_build_object('self', '/v1/assets/' || target, 'history', '/v1/assets/' || target || '/history')))::text
	  from part as a,
	       (select count(*)::int, min(c.at), max(c.at) from change as c
		 where c.subject = target and c.at <= asset_at.known_at) as h (version, first, last)
	 where a.part = 'asset'
$$;

-- A request as it was true on a day and known at a moment, from facts alone: what follows from them
-- by law on a given day (deadlines, allowed) and the list of what has arrived is not among them.
-- version, no row and money as with asset_at.
create or replace function request_at(target text, valid_on date, known_at timestamptz)
	returns table (version int, body text)
	language sql stable
as $$
	with part as (
		select f.part, f.body
		  from fact as f
		 where f.subject = target and f.valid @> request_at.valid_on and f.known @> request_at.known_at
		   and f.body is not null
	), may as (
		select r.authority_id = any (actor_in('money')) or actor_everywhere('money')
		       or exists (select from asset_owner as o where o.asset_id = r.asset_id and o.owner_id = any (actor_in('money'))) as sees
		  from request as r where r.id = target
	)
	select h.version,
	       (jsonb_build_object('id', target, 'version', h.version, 'created_at', utc(h.first), 'updated_at', utc(h.last),
			'valid_on', request_at.valid_on, 'known_at', utc(request_at.known_at))
		|| (r.body - '{id,model_state_on,reference_year,reference_number,prohibits,bar_exemption,bar_dated_on,bar_from,bar_to}'::text[])
		|| jsonb_build_object('bar', jsonb_build_object('prohibits', r.body -> 'prohibits', 'exemption', r.body -> 'bar_exemption',
			'dated_on', r.body -> 'bar_dated_on', 'from_on', r.body -> 'bar_from', 'to_on', r.body -> 'bar_to'))
		|| case when may.sees then coalesce((select m.body - '{request_id,authority_id,asset_id}'::text[] from part as m
				where m.part = 'request_money'), '{}') || '{"restricted_fields": []}'
			else '{"restricted_fields": ["offer_pence", "agreed_price_pence", "benefit_pence", "lease"]}' end
		|| jsonb_build_object('links', jsonb_build_object('self', '/v1/requests/' || target,
			'history', '/v1/requests/' || target || '/history')))::text
	  from part as r, may,
	       (select count(*)::int, min(c.at), max(c.at) from change as c
		 where c.subject = target and c.at <= request_at.known_at) as h (version, first, last)
	 where r.part = 'request'
$$;
