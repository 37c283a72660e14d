-- request_said: what was said of each entry that stands in a request's ledger, in their order (request_act.def).
-- in:  request_id text
-- out: many id text, place int, event text, said jsonb, has_representation bool
select e.id, coalesce(e.place, e.number) as place, e.event::text,
       coalesce(e.payload || m.payload, e.payload) || jsonb_build_object('on', e.happened_on) as said,
       exists (select from representation as p where p.event_id = e.id) as has_representation
  from request_event as e
  left join request_event_money as m on m.event_id = e.id
 where e.request_id = $1 and e.superseded_by is null
 order by coalesce(e.place, e.number), e.number
 limit 1000
