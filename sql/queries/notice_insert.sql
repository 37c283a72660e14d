-- notice_insert: a new draft of a notice; the request's row is the caller's by then, so that numbers have no gaps.
-- in:  id text, request_id text, event_id text, code text, variant text, is_public bool, form jsonb, content jsonb, missing jsonb
insert into notice (id, authority_id, request_id, published, number, code, variant, event_id, is_public, form, content, missing, dates)
select $1, r.authority_id, r.id, r.published,
       1 + (select coalesce(max(n.number), 0) from notice as n where n.request_id = r.id),
       $4, $5, $3, $6, $7, $8, $9, notice_dates(r.deadlines, $8)
  from request as r where r.id = $2
