-- mapping_remove: take a saved mapping away, and the error given when it has moved; what was loaded by it stays.
-- in:  id text, seen int, stale int
-- out: one done bool
with gone as (
	update mapping set version = version + 1, removed_at = clock_at() where id = $1 and version = $2 and removed_at is null
	returning id
)
select must((select count(*) from gone) = 1, $3) as done
