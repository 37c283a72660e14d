-- plan_insert: the first disposal plan of an asset, its money apart.
-- in:  id text, asset_id text, fields jsonb
with made as (
	insert into disposal_plan (id, asset_id, authority_id, published, method, stage, planned_on, probability_ppm,
		exemption, exemption_dated_on, effective_on)
	select $1, a.id, a.authority_id, a.published, x.method, x.stage, x.planned_on, x.probability_ppm,
	       x.exemption, x.exemption_dated_on, x.effective_on
	  from asset as a, jsonb_populate_record(null::disposal_plan, $3) as x
	 where a.id = $2
	returning id, asset_id, authority_id
)
insert into disposal_plan_money (plan_id, asset_id, authority_id, agreed_price_pence, cost_fixed_pence, lease)
select made.id, made.asset_id, made.authority_id, x.agreed_price_pence, x.cost_fixed_pence, x.lease
  from made, jsonb_populate_record(null::disposal_plan_money, $3) as x
