-- proposal_load: a request with one of its proposals.
-- in:  request_id text, id text
-- out: one? authority_id text, state text?, act jsonb?, proposed_by text?
select r.authority_id::text, p.state::text, p.act, p.proposed_by
  from request as r left join proposal as p on p.request_id = r.id and p.id = $2
 where r.id = $1
