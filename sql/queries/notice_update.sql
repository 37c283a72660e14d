-- notice_update: a draft as it now is; the error given when it has moved.
-- in:  id text, seen int, variant text, form jsonb, content jsonb, missing jsonb, stale int
-- out: one done bool
with moved as (
	update notice as n
	   set version = n.version + 1, variant = $3, form = $4, content = $5, missing = $6,
	       dates = notice_dates(r.deadlines, $5), drafted_by = actor_id()
	  from request as r
	 where n.id = $1 and n.version = $2 and n.state = 'DRAFT' and r.id = n.request_id
	returning n.id
)
select must((select count(*) from moved) = 1, $7) as done
