-- request_store: a request as it is after an event; the error given when it has moved.
-- in:  id text, seen int, row jsonb, deadlines jsonb, stale int, calendar_id text?, look_on date?
-- out: one done bool
with moved as (
	update request as r
	   set version = r.version + 1, effective_on = x.effective_on, state = x.state, state_on = x.state_on, level = x.level,
	       model_state_on = x.model_state_on, received_on = x.received_on, validated_on = x.validated_on,
	       acknowledged_on = x.acknowledged_on, override_reason = x.override_reason, prohibits = x.prohibits,
	       bar_exemption = x.bar_exemption, bar_dated_on = x.bar_dated_on, bar_from = x.bar_from, bar_to = x.bar_to,
	       allowed = x.allowed, flags = x.flags, deadlines = $4, calendar_version = $6, look_on = $7
	  from jsonb_populate_record(null::request, $3) as x
	 where r.id = $1 and r.version = $2
	returning r.id
), money as (
	update request_money as m
	   set agreed_price_pence = x.agreed_price_pence
	  from jsonb_populate_record(null::request_money, $3) as x
	 where m.request_id = $1 and m.agreed_price_pence is distinct from x.agreed_price_pence
)
select must((select count(*) from moved) = 1, $5) as done
