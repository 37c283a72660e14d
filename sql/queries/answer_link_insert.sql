-- answer_link_insert: a link by which the community body answers until the end of a day in London.
-- in:  id text, request_id text, last_on date
insert into answer_link (id, authority_id, request_id, published, expires_at)
select $1, r.authority_id, r.id, r.published, ($3 + 1)::timestamp at time zone 'Europe/London'
  from request as r where r.id = $2
