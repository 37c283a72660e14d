-- Pages of the feed, as the caller reads it. A page costs what it holds, however much lies behind it: how few rows a reader may
-- see of a stretch nobody can tell beforehand, and guessing one PostgreSQL makes the bodies of all that is left, twenty thousand
-- times, to sort them and give fifty. So each way has a plan of its own, made once a connection.
set local role assetd_owner;
set local search_path = assetd, public;

-- From behind one position up to another, types being patterns for LIKE, none for all: along the positions, with no other way open,
-- until there are enough.
create or replace function feed_after(after bigint, upto bigint, types text[], most int)
	returns table ("position" bigint, id text, type text, subject text, authority_id text, change_at timestamptz, body text)
	language plpgsql stable
	set plan_cache_mode = force_generic_plan
	set enable_sort = off
	set enable_bitmapscan = off
as $$
#variable_conflict use_column
begin
	return query select e.position, e.id::text, e.type, e.subject::text, e.authority_id::text, e.change_at, e.body
	  from item_event as e
	 where e.position > after and e.position <= upto and (types = '{}' or e.type like any (types))
	 order by e.position
	 limit most;
end
$$;

-- The same of one subject: the few that it has.
create or replace function feed_of(subject text, after bigint, upto bigint, types text[], most int)
	returns table ("position" bigint, body text)
	language plpgsql stable
	set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
	return query select e.position, e.body
	  from item_event as e
	 where e.subject = feed_of.subject and e.position > after and e.position <= upto and (types = '{}' or e.type like any (types))
	 order by e.position
	 limit most;
end
$$;
