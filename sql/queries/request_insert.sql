-- request_insert: a new request with the next reference of its authority and year.
-- in:  id text, authority_id text, published bool, route text, is_disposed bool, fields jsonb,
--      allowed text[], deadlines jsonb, calendar_id text?, look_on date?
with made as (
	insert into request (id, authority_id, published, route, asset_id, land, community_body_id, kind, reference_year,
		reference_number, state, state_on, model_state_on, effective_on, received_on, expected_on, release_on,
		reasons, benefits, benefit_score, prohibits, allowed, flags, deadlines, calendar_version, look_on)
	select $1, $2, $3, $4, x.asset_id, x.land, x.community_body_id, x.kind, extract(year from x.received_on),
	       request_reference_next($2, extract(year from x.received_on)::int), x.state, x.state_on, x.model_state_on,
	       x.effective_on, x.received_on, x.expected_on, x.release_on, x.reasons, x.benefits, x.benefit_score,
	       x.prohibits, $7, case when $5 then array_append(x.flags, 'LAND_DISPOSED') else x.flags end, $8, $9, $10
	  from jsonb_populate_record(null::request, $6) as x
	returning id, authority_id, asset_id, published
)
insert into request_money (request_id, authority_id, asset_id, published, offer_pence, agreed_price_pence,
	benefit_pence, lease)
select made.id, made.authority_id, made.asset_id, made.published, x.offer_pence, x.agreed_price_pence,
       x.benefit_pence, x.lease
  from made, jsonb_populate_record(null::request_money, $6) as x
