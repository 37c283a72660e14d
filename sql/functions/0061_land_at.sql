-- Which land overlapped which on a day, as known at a moment: land_overlap() of then, from facts.
set local role assetd_owner;
set local search_path = assetd, public;

drop function if exists parts_at(date, timestamptz);

-- What an asset was part of, or null; and what was part of it. Each is planned once a connection, by itself, and ends of ranges are
-- compared one by one: few assets have parts and PostgreSQL cannot know it, so with statistics of a register with a past it read
-- all facts of a day, or started workers, for each asset of a page (80 and 10 ms instead of 0.1).
create or replace function whole_at(one text, day date, moment timestamptz) returns text
	language plpgsql stable
	set plan_cache_mode = force_generic_plan
as $$
begin
	return (select f.body ->> 'part_of' from fact as f where f.subject = one and f.part = 'asset'
		   and lower(f.valid) <= day and (upper_inf(f.valid) or upper(f.valid) > day)
		   and lower(f.known) <= moment and (upper_inf(f.known) or upper(f.known) > moment));
end
$$;

create or replace function parts_at(one text, day date, moment timestamptz) returns setof text
	language plpgsql stable rows 1
	set plan_cache_mode = force_generic_plan
	set max_parallel_workers_per_gather = 0
as $$
begin
	return query select f.subject::text from fact as f
	 where f.part = 'asset' and f.body ->> 'part_of' is not null and f.body ->> 'part_of' = one
	   and lower(f.valid) <= day and (upper_inf(f.valid) or upper(f.valid) > day)
	   and lower(f.known) <= moment and (upper_inf(f.known) or upper(f.known) > moment);
end
$$;

-- As land_overlap(). Of a pair only what holds of it now is kept, and when that was decided: one that was confirmed by
-- then counts on every day, as land does not move. Asked of what the reader may not see too, as the bar that is shown now is:
-- pairs are the authority's, and what is not published may bar what is. In PL/pgSQL, which keeps its plan: it is asked for each
-- asset of a page, and was planned anew each time (18 ms of 25 assets, now 4).
create or replace function land_overlap_at(asset text, day date, moment timestamptz)
	returns table (asset_id text, relation text)
	language plpgsql stable security definer rows 5
	set search_path = assetd, pg_temp
	set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
	return query
	with recursive up (id) as (
		select w.id from whole_at(asset, day, moment) as w (id) where w.id is not null
		 union
		select w.id from up cross join whole_at(up.id, day, moment) as w (id) where w.id is not null
	), down (id) as (
		select p.id from parts_at(asset, day, moment) as p (id)
		 union
		select p.id from down cross join parts_at(down.id, day, moment) as p (id)
	), line (id, relation) as (
		select asset, 'SAME'
		 union all
		select id, 'WHOLE' from up
		 union all
		select id, 'PART' from down
	), met (id, is_certain) as (
		select case p.asset_id when l.id then p.other_id else p.asset_id end::text, l.relation <> 'WHOLE'
		  from line as l join land_pair as p on p.asset_id = l.id or p.other_id = l.id
		 where p.state = 'CONFIRMED' and p.foreign_authority_id is null and p.updated_at <= moment
	), met_up (id, is_certain) as (
		select id, is_certain from met
		 union
		select w.id, m.is_certain from met_up as m cross join whole_at(m.id, day, moment) as w (id) where w.id is not null
	), met_down (id) as (
		select p.id from met as m cross join parts_at(m.id, day, moment) as p (id)
		 union
		select p.id from met_down as m cross join parts_at(m.id, day, moment) as p (id)
	)
	select id, relation from line
	 union all
	select m.id, 'PAIR'
	  from (select id, is_certain from met_up union all select id, false from met_down) as m
	 where not exists (select from line as l where l.id = m.id)
	 group by m.id
	having bool_or(m.is_certain)
	    or not exists (select from land_pair as p where (p.state = 'REJECTED' or p.was_rejected)
			      and p.asset_id = least(m.id, asset) and p.other_id = greatest(m.id, asset));
end
$$;

-- Of some assets those whose land may overlap another's on any day: that were once a part, or had one, or are one of a pair. All others
-- overlap nothing but themselves, which of thousands costs less to know than to ask of each (land_overlap_at).
create or replace function land_met(ids text[]) returns text[]
	language plpgsql stable security definer
	set search_path = assetd, pg_temp
as $$
begin
	return array(select w.id from unnest(ids) as w (id)
		where exists (select from fact as f where f.subject = w.id and f.part = 'asset' and f.body ->> 'part_of' is not null)
		   or exists (select from fact as f where f.part = 'asset' and f.body ->> 'part_of' is not null and f.body ->> 'part_of' = w.id)
		   or exists (select from land_pair as p where p.asset_id = w.id)
		   or exists (select from land_pair as p where p.other_id = w.id));
end
$$;
