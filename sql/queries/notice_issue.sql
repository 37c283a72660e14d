-- notice_issue: a draft is issued, as it was read; the error given when it has moved.
-- in:  id text, seen int, dated_on date, serve_by_on date?, stale int
-- out: one done bool
with moved as (
	update notice as n
	   set version = n.version + 1, state = 'ISSUED', dated_on = $3, serve_by_on = $4, issued_by = actor_id(), issued_at = clock_at(),
	       dates = notice_dates(r.deadlines, n.content)
	  from request as r
	 where n.id = $1 and n.version = $2 and n.state = 'DRAFT' and r.id = n.request_id
	returning n.id
)
select must((select count(*) from moved) = 1, $5) as done
