-- proposal_reject: a proposal is given up or rejected; AS087 when it is no longer open.
-- in:  id text, request_id text, reasons text
-- out: one done bool
with moved as (
	update proposal set state = 'REJECTED', decided_by = actor_id(), decided_at = clock_at(), reasons = $3
	 where id = $1 and request_id = $2 and state = 'OPEN'
	returning id
)
select must((select count(*) from moved) = 1, 87) as done
