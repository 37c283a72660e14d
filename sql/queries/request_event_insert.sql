-- request_event_insert: an entry of a request's ledger, its amounts apart.
-- in:  id text, request_id text, event text, happened_on date, actor_kind text, state_from text?, payload jsonb
with made as (
	insert into request_event (id, authority_id, request_id, published, number, event, happened_on, actor_kind,
		state_from, state_to, level_to, payload)
	select $1, r.authority_id, r.id, r.published,
	       1 + (select coalesce(max(e.number), 0) from request_event as e where e.request_id = r.id),
	       $3, $4, $5, $6, r.state, r.level, $7 - '{event,on,price_pence,cost_pence}'::text[]
	  from request as r where r.id = $2
	returning id, authority_id, request_id
)
insert into request_event_money (event_id, authority_id, request_id, asset_id, payload)
select made.id, made.authority_id, made.request_id, r.asset_id, jsonb_only($7, '{price_pence,cost_pence}')
  from made, request as r
 where r.id = made.request_id and $7 ?| '{price_pence,cost_pence}'
