-- What became of plans and requests that once stood at a stage: what suggested probabilities are worked out from.
set local role assetd_owner;
set local search_path = assetd, public;

-- With its owner's rights, because a count must not depend on who asks: of every stage of the register how many finished
-- cases there were and how many of them succeeded, and of no case anything else. Fewer than 3 are not told.
--   MARKET   a plan that stood at the stage succeeded when its asset was sold to the market; it failed when it was given up.
--            One whose asset a community took over is no case: the market was not tried.
--   REQUEST  a request that stood in the model's state succeeded when it was completed; it failed when it was closed otherwise.
create or replace function calibration_counts() returns table (kind text, code text, finished bigint, succeeded bigint)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select c.kind, c.code, count(*), count(*) filter (where c.is_success)
	  from (
		select distinct 'MARKET' as kind, f.body ->> 'stage' as code, f.subject::text as id, d.id is not null as is_success
		  from fact as f
		  left join disposal as d on d.asset_id = f.subject and d.undone_at is null
		 where f.part = 'plan' and upper_inf(f.known) and lower(f.valid) <= clock_day()
		   and f.body ->> 'method' <> 'NONE' and f.body ->> 'stage' is not null
		   and case when d.id is not null then d.kind = 'MARKET'
			else not exists (select from disposal_plan as p where p.asset_id = f.subject and p.method <> 'NONE') end
		 union
		select 'REQUEST', s.model_state, r.id, r.state = 'COMPLETED'
		  from request as r
		  join request_state as now on now.code = r.state and not now.is_open
		  join request_event as e on e.request_id = r.id and e.superseded_by is null
		  join request_state as s on s.code in (e.state_from, e.state_to) and s.model_state is not null
	       ) as c
	 group by c.kind, c.code
	having count(*) >= 3
$$;
