-- asset_remove: an asset becomes a tombstone, perhaps because another entry stands for the same thing; the error given
--   when it has moved.
-- in:  id text, seen int, stale int, reason text?, merged_into text?
-- out: one done bool
with moved as (
	update asset
	   set version = version + 1, removed_at = clock_at(), effective_on = clock_day(), removed_reason = $4, merged_into = $5
	 where id = $1 and version = $2 and removed_at is null
	returning id
)
select must((select count(*) from moved) = 1, $3) as done
