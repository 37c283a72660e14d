-- webhook_remove: a webhook is called no more, and whom it was looked after by is forgotten; the error given when it has moved.
-- in:  id text, seen int, stale int
-- out: one done bool
with moved as (
	update webhook set version = version + 1, removed_at = clock_at(), contact = null
	 where id = $1 and version = $2 and removed_at is null
	returning id
)
select must((select count(*) from moved) = 1, $3) as done
