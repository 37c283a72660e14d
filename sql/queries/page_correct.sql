-- page_correct: an entry of a request's ledger that stands, as whoever corrects it sees it, with the amounts that they may read.
-- in:  request_id text, event_id text
-- out: one? authority_id text, body text
select r.authority_id::text,
       (select row_to_json(x)::text
	from (select r.reference, r.state, e.id as entry_id, e.event, e.happened_on as "on",
		     coalesce(e.payload || m.payload, e.payload) as said, e.state_from is null as is_first, e.actor_kind = 'SYSTEM' as is_timed,
		     second_person(r.authority_id) as second_person,
		     (select coalesce(json_agg(json_build_object('code', i.code, 'received_on', i.received_on)), '[]')
			from request_item as i where i.request_id = r.id) as items) as x) as body
  from request as r
  join request_event as e on e.request_id = r.id and e.id = $2 and e.superseded_by is null
  left join request_event_money as m on m.event_id = e.id
 where r.id = $1
