-- request_step: a request's next version, because something that hangs on it changed; the error given when it has moved.
-- in:  id text, seen int, stale int
-- out: one done bool
with moved as (
	update request set version = version + 1 where id = $1 and version = $2 returning id
)
select must((select count(*) from moved) = 1, $3) as done
