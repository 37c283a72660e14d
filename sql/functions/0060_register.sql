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
