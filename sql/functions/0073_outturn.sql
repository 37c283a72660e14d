-- What came in, by financial year, and the shares of joint owners in it.
set local role assetd_owner;
set local search_path = assetd, public;

-- The share of one owner in an amount of an asset: leftover pence go to the largest remainders, ties to the first owner
-- (MODEL.md 1.4), as money_apportion() in libassets shares it. Null for who owns no unit of it.
create or replace function share_of(amount bigint, asset text, owner text) returns bigint
	language sql stable parallel safe
as $$
	select (sign(amount) * (p.base + (p.place <= abs(amount) - p.bases)::int))::bigint
	  from (select o.owner_id, w.base, sum(w.base) over () as bases, row_number() over (order by w.rest desc, o.owner_id) as place
		  from (select x.owner_id, x.units::numeric as units, sum(x.units) over () as whole
			  from asset_owner as x where x.asset_id = asset and x.units > 0) as o
		 cross join lateral (select div(abs(amount) * o.units, o.whole) as base, mod(abs(amount) * o.units, o.whole) as rest) as w) as p
	 where p.owner_id = owner
$$;

-- What an asset was expected to bring, net of costs, just before it was disposed of: its frozen baseline, each line of each
-- quarter shared by itself as the model shares cells; owner null: the whole.
create or replace function baseline_net(baseline jsonb, asset text, owner text) returns numeric
	language sql stable parallel safe
as $$
	select coalesce(sum(case when owner is null then x.gross - x.cost
			else share_of(x.gross, asset, owner) - share_of(x.cost, asset, owner) end), 0)
	  from jsonb_each(baseline) as q
	 cross join lateral (select coalesce((q.value ->> 'GM')::bigint, 0) as gross, coalesce((q.value ->> 'CM')::bigint, 0) as cost) as x
$$;

-- A figure of an answer; null for one that is held back, or is no number but says that it is past 64 bits.
create or replace function pence_of(figure jsonb) returns numeric
	language sql immutable parallel safe
	return case when jsonb_typeof(figure) = 'number' then figure::numeric end;

-- What was sold or transferred up to today and still stands, with the share of an authority in it, or of a partnership's assets,
-- or all. expected: what was expected of it just before, where the actor's roles and key let it be read; else null.
create or replace function outturn_sold(authority text, cpp text, has_money boolean)
	returns table (id text, asset_id text, kind text, completed_on date, year text, gross bigint, cost bigint, expected numeric)
	language sql stable
as $$
	select d.id, d.asset_id, d.kind, d.completed_on, financial_year(d.completed_on) as year,
	       case when authority is null then d.gross_pence else share_of(d.gross_pence, d.asset_id, authority) end as gross,
	       case when authority is null then d.cost_pence else share_of(d.cost_pence, d.asset_id, authority) end as cost,
	       case when may.sees then baseline_net(m.baseline, d.asset_id, authority) end as expected
	  from disposal as d
	  left join disposal_money as m on m.disposal_id = d.id
	 cross join lateral (
		select has_money and m.disposal_id is not null and (d.authority_id = any ((select actor_in('money'))::text[])
			or (select actor_everywhere('money'))
			or exists (select from asset_owner as o where o.asset_id = d.asset_id
				     and o.owner_id = any ((select actor_in('money'))::text[]))) as sees
	       ) as may
	 where d.undone_at is null and d.completed_on <= clock_day()
	   and (authority is null or exists (select from asset_owner as o where o.asset_id = d.asset_id and o.owner_id = authority and o.units > 0))
	   and (cpp is null or exists (select from asset as a where a.id = d.asset_id and a.cpp_id = cpp))
$$;

-- What frozen runs said of the financial years that had not ended when they were made, up to this one: the newest 100 runs that the
-- actor may read, without scenarios.
create or replace function outturn_said(authority text, cpp text, has_money boolean)
	returns table (id text, year text, as_of_on date, created_at timestamptz, adjusted numeric, body jsonb)
	language sql stable
as $$
	with run as (
	select r.id, r.name, r.tag, r.as_of_on, r.created_at, k.body
	  from projection_run as r
	  join projection_run_receipt as k on k.run_id = r.id and k.scenario = 'LIKELY' and k.grouping_by = 'YEAR'
	   and k.filter = coalesce('authority_id=' || authority, 'cpp_id=' || cpp, '')
	 where has_money and r.tag <> 'WHAT_IF' and r.overlay = '[]'
	 order by r.id desc limit 100
	)
	select r.id, i.item -> 'group' ->> 'year' as year, r.as_of_on, r.created_at, n.adjusted,
	       jsonb_build_object('run_id', r.id, 'name', r.name, 'tag', r.tag, 'as_of_on', r.as_of_on, 'frozen_at', utc(r.created_at),
		'baseline_net_pence', n.baseline, 'adjusted_net_pence', n.adjusted, 'adjustment_pence', n.baseline - n.adjusted,
		'forgone_pence', case when jsonb_typeof(i.item -> 'forgone_pence') = 'number' then i.item -> 'forgone_pence' end,
		'p10_pence', n.p10, 'p50_pence', n.p50, 'p90_pence', n.p90,
		'links', jsonb_build_object('run', '/v1/projections/runs/' || r.id)) as body
	  from run as r
	 cross join lateral jsonb_array_elements(r.body -> 'items') as i (item)
	 -- The outturn of a year is what had come in when the run was made and what was still expected.
	 cross join lateral (
		select coalesce(sum(pence_of(a.item #> '{baseline,net_pence}')), 0) as baseline,
		       coalesce(sum(pence_of(a.item #> '{adjusted,net_pence}')), 0) as adjusted,
		       count(*) filter (where pence_of(a.item #> '{adjusted,net_pence}') is null) = 0 as is_whole
		  from jsonb_array_elements(r.body -> 'items') as a (item)
		 where a.item -> 'group' ->> 'year' = 'ACTUAL:' || (i.item -> 'group' ->> 'year')
	       ) as had
	  left join lateral (
		select pence_of(i.item #> '{baseline,net_pence}') + had.baseline as baseline,
		       pence_of(i.item #> '{adjusted,net_pence}') + had.adjusted as adjusted,
		       pence_of(i.item #> '{percentiles,adjusted,p10_pence}') + had.adjusted as p10,
		       pence_of(i.item #> '{percentiles,adjusted,p50_pence}') + had.adjusted as p50,
		       pence_of(i.item #> '{percentiles,adjusted,p90_pence}') + had.adjusted as p90
	       ) as n on had.is_whole
	 where i.item -> 'group' ->> 'year' ~ '^\d' and i.item -> 'group' ->> 'year' <= financial_year(clock_day())
$$;

-- Both beside each other and beside the budget, a year each, the newest first; of_year: that one alone, with its disposals.
create or replace function outturn(authority text, cpp text, of_year text, has_money boolean) returns jsonb
	language sql stable
as $$
	with sold as materialized (
		select * from outturn_sold(authority, cpp, has_money)
	), said as materialized (
		select * from outturn_said(authority, cpp, has_money)
	), came as (
	select s.year, jsonb_build_object('disposal_count', count(*), 'transfer_count', count(*) filter (where s.kind = 'TRANSFER'),
		'gross_pence', sum(s.gross), 'cost_pence', sum(s.cost), 'net_pence', sum(s.gross - s.cost),
		'transfer_gross_pence', coalesce(sum(s.gross) filter (where s.kind = 'TRANSFER'), 0),
		'transfer_cost_pence', coalesce(sum(s.cost) filter (where s.kind = 'TRANSFER'), 0),
		'transfer_net_pence', coalesce(sum(s.gross - s.cost) filter (where s.kind = 'TRANSFER'), 0),
		'expected_net_pence', case when count(s.expected) = count(*) then sum(s.expected) end,
		'transfer_adjustment_pence', case when count(s.expected) = count(*)
			then coalesce(sum(s.expected - s.gross + s.cost) filter (where s.kind = 'TRANSFER'), 0) end) as body,
	       sum(s.gross - s.cost) as net
	  from sold as s
	 group by s.year
	), budget as (
	select y ->> 'year' as year, y -> 'amount_pence' as pence
	  from (select v.years from receipt_budget as v where has_money and v.authority_id = authority order by v.version desc limit 1) as newest
	 cross join lateral jsonb_array_elements(newest.years) as y
	 where y ->> 'year' <= financial_year(clock_day())
	), year as (
	select y.year from (select year from came union select year from said union select year from budget) as y
	 where of_year is null or y.year = of_year
	)
select jsonb_build_object('authority_id', authority, 'cpp_id', cpp, 'as_of_on', clock_day(), 'items', coalesce((
	select jsonb_agg(jsonb_build_object('year', y.year, 'is_over', y.year < financial_year(clock_day()),
		'budget_pence', (select b.pence from budget as b where b.year = y.year),
		'came_in', coalesce(c.body, jsonb_build_object('disposal_count', 0, 'transfer_count', 0, 'gross_pence', 0, 'cost_pence', 0,
			'net_pence', 0, 'transfer_gross_pence', 0, 'transfer_cost_pence', 0, 'transfer_net_pence', 0, 'expected_net_pence', case when has_money then 0 end, 'transfer_adjustment_pence', case when has_money then 0 end)),
		'runs', coalesce((select jsonb_agg(s.body || jsonb_build_object('difference_pence', coalesce(c.net, 0) - s.adjusted)
				order by s.as_of_on, s.created_at, s.id) from said as s where s.year = y.year), '[]'))
		|| case when of_year is null then '{}' else jsonb_build_object('disposals', coalesce((
			select jsonb_agg(jsonb_build_object('id', d.id, 'asset_id', d.asset_id, 'name', a.name, 'kind', d.kind, 'completed_on', d.completed_on,
					'gross_pence', d.gross, 'cost_pence', d.cost, 'net_pence', d.gross - d.cost, 'expected_net_pence', d.expected,
					'links', jsonb_build_object('disposal', '/v1/assets/' || d.asset_id || '/disposals/' || d.id)) order by d.completed_on, d.id)
			  from (select * from sold as x where x.year = y.year order by x.completed_on, x.id limit 1000) as d
			  join asset as a on a.id = d.asset_id), '[]')) end
		order by y.year desc)
	  from year as y left join came as c on c.year = y.year), '[]'))
$$;
