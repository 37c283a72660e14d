-- request_event_again: an entry of a request's ledger in the place of another, as it was recorded; with a payload
--   recorded by who acts now, perhaps as another event.
-- in:  id text, old_id text, event text?, happened_on date, state_from text?,
--      state_to text, level_to text, payload jsonb?
with made as (
	insert into request_event (id, authority_id, request_id, published, number, place, event, happened_on, recorded_at, actor,
		actor_kind, state_from, state_to, level_to, payload)
	select $1, e.authority_id, e.request_id, e.published,
	       1 + (select max(n.number) from request_event as n where n.request_id = e.request_id),
	       coalesce(e.place, e.number), coalesce($3, e.event), $4,
	       case when $8 is null then e.recorded_at else clock_at() end, case when $8 is null then e.actor else actor_id() end,
	       e.actor_kind, $5, $6, $7,
	       coalesce($8 - '{event,event_id,on,price_pence,cost_pence}'::text[], e.payload)
	  from request_event as e where e.id = $2
	returning id, authority_id, request_id
)
insert into request_event_money (event_id, authority_id, request_id, asset_id, payload)
select made.id, made.authority_id, made.request_id, r.asset_id, coalesce(jsonb_only($8, '{price_pence,cost_pence}'), m.payload)
  from made
  join request as r on r.id = made.request_id
  left join request_event_money as m on m.event_id = $2
 where case when $8 is null then m.payload is not null else $8 ?| '{price_pence,cost_pence}' end
