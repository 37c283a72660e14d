-- answer_link_insert: a link by which the community body answers and acts until the end of a day in London. purpose: ANSWER where its
--   letter says that copies wait to be answered, else CASE.
-- in:  id text, request_id text, last_on date, purpose text
insert into answer_link (id, authority_id, request_id, published, purpose, expires_at)
select $1, r.authority_id, r.id, r.published, $4, ($3 + 1)::timestamp at time zone 'Europe/London'
  from request as r where r.id = $2
