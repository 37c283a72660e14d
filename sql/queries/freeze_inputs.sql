-- freeze_inputs: a page of all assets, each with its input as projection_input gives it now, but as
--   it was true on a day and known at a moment. What is only ever added to (valuations, disposals)
--   is looked up where it stands, the rest among the facts.
--   ids: of these alone, and their inputs also where they can produce no receipt.
-- in:  valid_on date, known_at timestamptz, after text, most int, ids text[]?
-- out: many id text, model_id bigint, gone bool, lead text, cpp text?, locality text?, class text, decile int,
--      has_receipt bool, input jsonb
select p.id, p.model_id, i.body is null or i.body ->> 'removed_at' is not null as gone,
       coalesce(i.body ->> 'authority_id', '') as lead, i.body ->> 'cpp_id' as cpp, i.body ->> 'locality_id' as locality,
       coalesce(i.body ->> 'class', '') as class, coalesce((i.body ->> 'decile')::int, 0) as decile,
       plan.input is not null or requests.input is not null or sold.input is not null as has_receipt,
       case when $5::text[] is null and num_nonnulls(plan.input, requests.input, sold.input) = 0 then '{}' else jsonb_build_object(
	'owners', (select coalesce(jsonb_agg(jsonb_build_object('partner', o ->> 'authority_id', 'units', (o ->> 'units')::bigint)
			order by o ->> 'authority_id' collate "C"), '[]')
		     from fact as f, jsonb_array_elements(f.body -> 'owners') as o
		    where f.subject = p.id and f.part = 'owners' and f.valid @> $1::date and f.known @> $2::timestamptz),
	'valuation', (select projection_valuation(v, m) from valuation as v join valuation_money as m on m.valuation_id = v.id
		       where v.asset_id = p.id and v.effective_on <= $1 and v.created_at <= $2
		       order by v.basis in ('MV', 'FV', 'EUV') desc, v.valued_on desc, v.created_at desc, v.id desc limit 1),
	'plan', plan.input,
	'requests', coalesce(requests.input, '[]'),
	'completed', sold.input) end as input
  from (select a.id, a.model_id from asset as a where a.id > $3 and a.created_at <= $2 and ($5::text[] is null or a.id = any ($5))
	 order by a.id limit $4) as p
  left join fact as i on i.subject = p.id and i.part = 'asset' and i.valid @> $1::date and i.known @> $2::timestamptz
  left join lateral (
	select projection_plan(jsonb_populate_record(null::disposal_plan, f.body),
			jsonb_populate_record(null::disposal_plan_money, m.body)) as input
	  from fact as f
	  left join fact as m on m.subject = p.id and m.part = 'plan_money' and m.valid @> $1::date and m.known @> $2::timestamptz
	 where f.subject = p.id and f.part = 'plan' and f.valid @> $1::date and f.known @> $2::timestamptz
	   and f.body ->> 'method' <> 'NONE') as plan on true
  left join lateral (
	select jsonb_agg(projection_request(jsonb_populate_record(null::request, f.body), q.number, s.model_state,
			jsonb_populate_record(null::request_money, m.body)) order by q.number) as input
	  from (select r.id, row_number() over (order by r.created_at, r.id) as number
		  from request as r where r.asset_id = p.id and r.created_at <= $2) as q
	  join fact as f on f.subject = q.id and f.part = 'request' and f.valid @> $1::date and f.known @> $2::timestamptz
	  join request_state as s on s.code = f.body ->> 'state' and s.model_state is not null
	  left join fact as m on m.subject = q.id and m.part = 'request_money' and m.valid @> $1::date
		and m.known @> $2::timestamptz) as requests on true
  left join lateral (
	select projection_disposal(d, m) as input from disposal as d left join disposal_money as m on m.disposal_id = d.id
	 where d.asset_id = p.id and d.completed_on <= $1 and d.created_at <= $2 and (d.undone_at is null or d.undone_at > $2)) as sold on true
 order by p.id
