-- case_note_insert: a note on a case, behind those that there are.
-- in:  request_id text, text text
insert into case_note (request_id, number, authority_id, text)
select r.id, 1 + (select coalesce(max(n.number), 0) from case_note as n where n.request_id = r.id), r.authority_id, $2
  from request as r where r.id = $1
