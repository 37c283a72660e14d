-- representation_insert: a representation of a request, with the next number of its kind, and what may be erased of it.
-- in:  id text, request_id text, kind text, channel text, received_on date, timing text, event_id text?, body text,
--      writer jsonb?
with made as (
	insert into representation (id, authority_id, request_id, published, kind, number, channel, received_on, timing, event_id)
	select $1, r.authority_id, r.id, r.published, $3,
	       1 + (select coalesce(max(p.number), 0) from representation as p where p.request_id = r.id and p.kind = $3),
	       $4, $5, $6, $7
	  from request as r where r.id = $2
)
insert into representation_original (representation_id, authority_id, request_id, text, name, email, address)
select $1, r.authority_id, r.id, $8, w.name, w.email, w.address
  from request as r left join jsonb_to_record($9) as w (name text, email text, address text) on true
 where r.id = $2
