-- key_rotate: a key works so many seconds more, since another takes its place; and the error given when it has moved.
-- in:  id text, seen int, overlap_s int, stale int
-- out: one done bool
with moved as (
	update api_key set version = version + 1, expires_at = least(expires_at, clock_at() + make_interval(secs => $3))
	 where id = $1 and version = $2 and revoked_at is null
	returning id
)
select must((select count(*) from moved) = 1, $4) as done
