-- calendar_requests: requests with running clocks that the actor may read, by id, after one.
-- in:  after text?, most int
-- out: many id text, reference text, row jsonb, deadlines jsonb
select r.id, r.reference, request_counted(r) as row, r.deadlines
  from request as r
 where r.deadlines @? '$[*] ? (@.state == "RUNNING")' and ($1 is null or r.id > $1)
 order by r.id
 limit $2
