-- calendar_requests: requests with running clocks that the actor may read, the first of them by id.
-- in:  most int
-- out: many id text, reference text, row jsonb, deadlines jsonb
select r.id, r.reference, request_counted(r) as row, r.deadlines
  from request as r
 where r.deadlines @? '$[*] ? (@.state == "RUNNING")'
 order by r.id
 limit $1
