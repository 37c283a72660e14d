-- request_event_timed: an entry of a request's ledger that time made behind that of a place, once another was corrected.
-- in:  id text, request_id text, event text, happened_on date, state_from text, state_to text, level_to text, place int
insert into request_event (id, authority_id, request_id, published, number, place, event, happened_on, actor_kind,
	state_from, state_to, level_to)
select $1, r.authority_id, r.id, r.published,
       1 + (select max(e.number) from request_event as e where e.request_id = r.id), $8, $3, $4, 'SYSTEM', $5, $6, $7
  from request as r where r.id = $2
