-- plan_update: a disposal plan at its next version; the error given when it has moved.
-- in:  id text, seen int, fields jsonb, stale int
-- out: one done bool
with moved as (
	update disposal_plan as p
	   set version = p.version + 1, method = x.method, stage = x.stage, planned_on = x.planned_on,
	       probability_ppm = x.probability_ppm, exemption = x.exemption, exemption_dated_on = x.exemption_dated_on,
	       effective_on = x.effective_on
	  from jsonb_populate_record(null::disposal_plan, $3) as x
	 where p.id = $1 and p.version = $2
	returning p.id
), money as (
	update disposal_plan_money as m
	   set agreed_price_pence = x.agreed_price_pence, cost_fixed_pence = x.cost_fixed_pence, lease = x.lease
	  from jsonb_populate_record(null::disposal_plan_money, $3) as x
	 where m.plan_id = $1
)
select must((select count(*) from moved) = 1, $4) as done
