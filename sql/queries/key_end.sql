-- key_end: a key works no longer, and the error given when it has moved.
-- in:  id text, seen int, stale int
-- out: one done bool
with gone as (
	update api_key set version = version + 1, revoked_at = clock_at()
	 where id = $1 and version = $2 and revoked_at is null
	returning id
)
select must((select count(*) from gone) = 1, $3) as done
