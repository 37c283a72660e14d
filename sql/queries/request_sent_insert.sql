-- request_sent_insert: what a community body says in its own words, [{code, text}].
-- in:  request_id text, on_day date, said jsonb
insert into request_sent (request_id, number, authority_id, published, code, said_on, text)
select r.id, (select coalesce(max(s.number), 0) from request_sent as s where s.request_id = r.id) + x.n, r.authority_id, r.published,
       x.said ->> 'code', $2, x.said ->> 'text'
  from request as r, jsonb_array_elements($3) with ordinality as x (said, n)
 where r.id = $1
