-- The one way to record a change, in the transaction of what it speaks of.
set local role assetd_owner;
set local search_path = assetd, public;

-- change_hidden and what it asks stand in migrations/0080_change_hidden.sql, which needs them before this file is read.

-- Which kind of actor a change is by, when its caller does not say.
create or replace function change_actor_kind() returns text
	language sql stable
	return case when actor_id() is null or actor_id() like 'rpd\_%' then 'SYSTEM'
		when actor_id() like 'anl\_%' or actor_id() like 'rqd\_%' then 'COMMUNITY_BODY' else 'AUTHORITY' end;

-- subject_seq is the version that the subject's row has now. authority_id: whose it is; null for
-- what belongs to the installation. asset_id: the asset it concerns, whose owners then read it
-- too and whose `published` decides who else does.
-- data, before, after: what everybody may see who may see the subject, but for ids of what not everybody
-- may look up at this moment, which members alone are shown. money…: the rest, for readers of money;
-- null when there is none.
-- is_public null: as the asset, and true without one. readers: further authorities who may
-- read it when it is not public. actor_kind null: AUTHORITY, or SYSTEM when nobody acts, or whose link it was.
create or replace function change_put(
	id text, type text, subject text, subject_seq int, authority_id text, asset_id text,
	data jsonb, before jsonb, after jsonb, money jsonb, money_before jsonb, money_after jsonb,
	reason text, is_public boolean default null, readers text[] default null, actor_kind text default null)
	returns text
	language plpgsql
as $$
#variable_conflict use_variable
declare
	may_read text[] := array_remove(array[authority_id], null)
		|| array(select o.owner_id::text from asset_owner as o where o.asset_id = change_put.asset_id
			    and o.owner_id <> o.authority_id)
		|| coalesce(readers, '{}');
	is_told  constant boolean := coalesce(is_public, (select a.published from asset as a where a.id = change_put.asset_id), true);
begin
	insert into change (id, authority_id, readers, is_public, hidden, type, subject, subject_seq, actor_kind, reason,
		data, before, after)
	values (id, authority_id, may_read, is_told, case when is_told then change_hidden(data, before, after) else '{}' end,
		type, subject, subject_seq,
		coalesce(actor_kind, change_actor_kind()), reason,
		data, before, after);
	if num_nonnulls(money, money_before, money_after) > 0 then
		insert into change_money (change_id, authority_id, readers, data, before, after)
		values (id, authority_id, may_read, coalesce(money, '{}'), money_before, money_after);
	end if;
	return id;
end
$$;

-- Where in the feed the whole transaction of an event has been told; null: not all of it yet. With
-- its owner's rights: who waits for a change that is not for them to read, such as an authority's own
-- parameters, waits for what it did to what they do read, and would else wait for ever. That there is an event says
-- nothing: its id is known to whom it was told, and the feed's numbers have holes for all others.
-- Asked step by step, each a probe of an index whatever PostgreSQL knows of the tables: as one join, planned while they were
-- small, it read all that was told that day, each time anybody waited.
create or replace function event_told(id text) returns bigint
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
	set plan_cache_mode = force_generic_plan
as $$
declare
	its_at  constant timestamptz := (select f.change_at from feed as f where f.change_id = event_told.id);
	its_xid constant xid8 := (select c.xid from change as c where c.id = event_told.id and c.at = its_at);
begin
	return (select max(t.position)
		  from (select (select f.position from feed as f where f.change_id = c.id)
			  from change as c where c.xid = its_xid and c.at = its_at offset 0) as t (position)
		having count(*) = count(t.position));
end
$$;

-- Is an event here, so that whoever reads here sees what it did, as far as that is theirs; null: no. True when the feed has told
-- its whole transaction. With its owner's rights and by steps, as event_told.
create or replace function event_seen(id text) returns boolean
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
	set plan_cache_mode = force_generic_plan
as $$
declare
	it record;
begin
	select c.xid, c.at into it from change as c where c.id = event_seen.id;
	return (select bool_and(exists (select from feed as f where f.change_id = c.id offset 0))
		  from change as c where c.xid = it.xid and c.at = it.at);
end
$$;

-- For memories of what the public was shown: the ids that changes speak of which are committed now and were not at
-- an earlier look, whose `standing` comes in as `since`; and no more of them than that. is_all: too many to say, or
-- nobody knows, as at the first look and on another server. With its owner's rights: what stops being public is what
-- a memory must hear of, and who reads as the public no longer sees the change.
--
-- A transaction was not seen if it had begun by then and not ended, or began later; both are looked up by index, so a look
-- costs what has happened since, however long somebody else's transaction stays open. What is part of a subject counts as well,
-- since it names its whole to everybody only while everybody may know of that.
create or replace function changed_since(since text, most int)
	returns table (standing text, is_all boolean, subjects text)
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
	set plan_cache_mode = force_generic_plan
	set enable_seqscan = off
	set enable_bitmapscan = off
as $$
declare
	earlier constant pg_snapshot := split_part(since, ' ', 1)::pg_snapshot;
	here    constant text := extract(epoch from pg_postmaster_start_time())::text;
	found   text[];
begin
	if since is null or split_part(since, ' ', 2) <> here then
		return query select pg_current_snapshot()::text || ' ' || here, true, null;
		return;
	end if;
	found := array(
		(select c.subject from change as c where c.xid >= pg_snapshot_xmax(earlier) order by c.xid limit most + 1)
		union all
		(select c.subject from change as c where c.xid = any (array(select pg_snapshot_xip(earlier))) order by c.xid limit most + 1));
	found := found || array(select p.id from unnest(found) as f (id) join asset as p on p.part_of = f.id limit most + 1);
	return query select pg_current_snapshot()::text || ' ' || here, cardinality(found) > most,
		case when cardinality(found) <= most then array_to_string(found, ',') end;
end
$$;
