-- request_patch: what is said of a request, at its next version; the error given when it has moved.
-- in:  id text, seen int, fields jsonb, stale int
-- out: one done bool
with moved as (
	update request as r
	   set version = r.version + 1, effective_on = clock_day(), expected_on = x.expected_on,
	       release_on = x.release_on, reasons = x.reasons, benefits = x.benefits, benefit_score = x.benefit_score
	  from jsonb_populate_record(null::request, $3) as x
	 where r.id = $1 and r.version = $2
	returning r.id
), money as (
	update request_money as m
	   set offer_pence = x.offer_pence, agreed_price_pence = x.agreed_price_pence,
	       benefit_pence = x.benefit_pence, lease = x.lease
	  from jsonb_populate_record(null::request_money, $3) as x
	 where m.request_id = $1
)
select must((select count(*) from moved) = 1, $4) as done
