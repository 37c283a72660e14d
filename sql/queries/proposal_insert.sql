-- proposal_insert: a decision that is proposed.
-- in:  id text, request_id text, act jsonb
insert into proposal (id, request_id, authority_id, act) select $1, r.id, r.authority_id, $3 from request as r where r.id = $2
