-- answer_link_load: what a link is for, for whoever came by it; how many answers there are, and whether one of these words is
--   among them.
-- in:  id text, body text
-- out: one? request_id text, answers bigint, is_there bool
select l.request_id::text,
       (select count(*) from representation as p where p.request_id = l.request_id and p.kind = 'COMMENTS') as answers,
       answer_is_there(l.id, $2) as is_there
  from answer_link as l
 where l.id = $1
