-- Which land overlapped which on a day, as known at a moment: land_overlap() of then, from facts.
set local role assetd_owner;
set local search_path = assetd, public;

-- What was part of what.
create or replace function parts_at(day date, moment timestamptz) returns table (id text, part_of text)
	language sql stable
as $$
	select f.subject::text, f.body ->> 'part_of' from fact as f
	 where f.part = 'asset' and f.body ->> 'part_of' is not null and f.valid @> day and f.known @> moment
$$;

-- As land_overlap(). Of a pair only what holds of it now is kept, and when that was decided: one that was confirmed by
-- then counts on every day, as land does not move. Asked of what the reader may not see too, as the bar that is shown now is:
-- pairs are the authority's, and what is not published may bar what is.
create or replace function land_overlap_at(asset text, day date, moment timestamptz)
	returns table (asset_id text, relation text)
	language sql stable security definer rows 5
	set search_path = assetd, pg_temp
as $$
	with recursive up (id) as (
		select p.part_of from parts_at(day, moment) as p where p.id = asset
		 union
		select p.part_of from up join parts_at(day, moment) as p on p.id = up.id
	), down (id) as (
		select p.id from parts_at(day, moment) as p where p.part_of = asset
		 union
		select p.id from down join parts_at(day, moment) as p on p.part_of = down.id
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
		select p.part_of, m.is_certain from met_up as m join parts_at(day, moment) as p on p.id = m.id
	), met_down (id) as (
		select p.id from met as m join parts_at(day, moment) as p on p.part_of = m.id
		 union
		select p.id from met_down as m join parts_at(day, moment) as p on p.part_of = m.id
	)
	select id, relation from line
	 union all
	select m.id, 'PAIR'
	  from (select id, is_certain from met_up union all select id, false from met_down) as m
	 where not exists (select from line as l where l.id = m.id)
	 group by m.id
	having bool_or(m.is_certain)
	    or not exists (select from land_pair as p where (p.state = 'REJECTED' or p.was_rejected)
			      and p.asset_id = least(m.id, asset) and p.other_id = greatest(m.id, asset))
$$;
