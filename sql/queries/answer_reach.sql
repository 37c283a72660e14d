-- answer_reach: may a link by which the community body answers be sent: is the request everybody's to read, and does its
--   authority have an address to write to?
-- in:  request_id text
-- out: one? published bool, has_address bool
select r.published, exists (select from community_body_contact as c where c.community_body_id = r.community_body_id
	and c.authority_id = r.authority_id and c.email is not null) as has_address
  from request as r where r.id = $1
