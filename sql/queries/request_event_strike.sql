-- request_event_strike: the entry of a request's ledger that says that another was struck out; it never stands itself, and is
--   its own end, so that what it struck out can name it.
-- in:  id text, request_id text, happened_on date, state text, level text, payload jsonb
insert into request_event (id, authority_id, request_id, published, number, event, happened_on, actor_kind, state_from, state_to,
	level_to, payload, superseded_by)
select $1, r.authority_id, r.id, r.published,
       1 + (select max(e.number) from request_event as e where e.request_id = r.id), 'CORRECT', $3, 'AUTHORITY', $4, $4, $5,
       $6 - '{event,event_id,on}'::text[], $1
  from request as r where r.id = $2
