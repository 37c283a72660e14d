-- proposal_approve: a proposal is approved by who acts, as the event of this id; AS087 when it is not open, or is their own.
-- in:  id text, request_id text, event_id text
-- out: one done bool
with moved as (
	update proposal
	   set state = 'APPROVED', decided_by = actor_id(), decided_at = clock_at(), event_id = $3
	 where id = $1 and request_id = $2 and state = 'OPEN' and proposed_by <> actor_id()
	returning id
)
select must((select count(*) from moved) = 1, 87) as done
