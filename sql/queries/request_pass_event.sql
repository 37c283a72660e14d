-- request_pass_event: an entry of a request's ledger that time made.
-- in:  id text, request_id text, event text, happened_on date, state_from text
insert into request_event (id, authority_id, request_id, published, number, event, happened_on, actor_kind,
	state_from, state_to, level_to)
select $1, r.authority_id, r.id, r.published,
       1 + (select coalesce(max(e.number), 0) from request_event as e where e.request_id = r.id),
       $3, $4, 'SYSTEM', $5, r.state, r.level
  from request as r where r.id = $2
