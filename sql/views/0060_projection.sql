-- What the projection knows of an asset, in the words of its input format (MODEL.md 9).
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists projection_input;

-- Terms of a lease as the model reads them.
create or replace function projection_lease(lease jsonb) returns jsonb
	language sql immutable parallel safe strict
	return jsonb_build_object('rent_pa', coalesce(lease -> 'rent_pa_pence', '0'),
		'premium', coalesce(lease -> 'premium_pence', '0'), 'term_months', lease -> 'term_months',
		'rent_free_months', coalesce(lease -> 'rent_free_months', '0'), 'class', lease -> 'class');

-- The parts of an input, from rows: those of the register, or those that facts were made of.
create or replace function projection_valuation(v valuation, m valuation_money) returns jsonb
	language sql immutable parallel safe
	return jsonb_build_object('date', v.valued_on, 'amount', m.amount_pence, 'basis', v.basis);

create or replace function projection_plan(p disposal_plan, m disposal_plan_money) returns jsonb
	language sql immutable parallel safe
	return jsonb_build_object('method', p.method, 'stage', p.stage, 'date', p.planned_on,
		'agreed_price', m.agreed_price_pence, 'p_ppm', p.probability_ppm, 'cost_fixed', m.cost_fixed_pence,
		'lease', case when p.method = 'LEASE' then projection_lease(m.lease) end);

create or replace function projection_request(r request, number bigint, model_state text, m request_money) returns jsonb
	language sql immutable parallel safe
	return jsonb_build_object('id', number, 'state', model_state, 'state_date', r.model_state_on,
		'kind', case r.kind when 'OTHER_RIGHTS' then 'RIGHTS' else r.kind end,
		'offer', m.offer_pence, 'agreed_price', m.agreed_price_pence,
		'lease', case when r.kind <> 'OWNERSHIP' then projection_lease(m.lease) end,
		'market_rent_pa', m.lease -> 'market_rent_pa_pence', 'prohibits', r.prohibits,
		'expected_date', r.expected_on, 'release_date', r.release_on,
		'nfb_pence', coalesce(m.benefit_pence, 0), 'nfb_score', r.benefit_score);

create or replace function projection_disposal(d disposal, m disposal_money) returns jsonb
	language sql immutable parallel safe
	return jsonb_build_object('kind', case d.kind when 'TRANSFER' then 'T' else 'M' end, 'date', d.completed_on,
		'gross', d.gross_pence, 'cost', d.cost_pence, 'baseline', m.baseline);

-- A price is taken from the newest valuation on a basis that is a price (MV, FV, or EUV as a
-- proxy); only without one does another basis stand in, and is then said to be no price.
-- queries/freeze_inputs.sql gives the same of another day and moment: change both. is_valued_openly: everybody reads that valuation.
create view projection_input with (security_invoker = true) as
select a.id, a.model_id, a.removed_at is not null as gone, a.authority_id as lead, a.cpp_id as cpp,
       a.locality_id as locality, a.class, a.decile::int as decile,
       exists (select from disposal_plan as p where p.asset_id = a.id and p.method <> 'NONE')
       or exists (select from request as r join request_state as s on s.code = r.state
		   where r.asset_id = a.id and s.model_state is not null)
       or exists (select from disposal as d where d.asset_id = a.id and d.undone_at is null) as has_receipt,
       jsonb_build_object(
	'owners', (select coalesce(jsonb_agg(jsonb_build_object('partner', o.owner_id, 'units', o.units)
			order by o.owner_id), '[]') from asset_owner as o where o.asset_id = a.id),
	'valuation', worth.valuation,
	'plan', (select projection_plan(p, m) from disposal_plan as p left join disposal_plan_money as m on m.plan_id = p.id
		  where p.asset_id = a.id and p.method <> 'NONE'),
	'requests', (select coalesce(jsonb_agg(projection_request(q, n.number, s.model_state, m) order by n.number), '[]')
		   from (select r.id, row_number() over (order by r.created_at, r.id) as number
			   from request as r where r.asset_id = a.id) as n
		   join request as q on q.id = n.id
		   join request_state as s on s.code = q.state and s.model_state is not null
		   left join request_money as m on m.request_id = q.id),
	'completed', (select projection_disposal(d, m) from disposal as d left join disposal_money as m on m.disposal_id = d.id
		       where d.asset_id = a.id and d.undone_at is null)) as input,
       coalesce(worth.is_open, false) as is_valued_openly
  from asset as a
  left join lateral (select projection_valuation(v, m) as valuation, m.published and not m.restricted as is_open
		       from valuation as v join valuation_money as m on m.valuation_id = v.id
		      where v.asset_id = a.id and v.effective_on <= clock_day()
		      order by v.basis in ('MV', 'FV', 'EUV') desc, v.valued_on desc, v.created_at desc, v.id desc limit 1) as worth on true;
