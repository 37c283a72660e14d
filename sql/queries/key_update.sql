-- key_update: a key's name, and its last day in London where that is another; and the error given when it has moved.
-- in:  id text, seen int, name text?, last_on date?, stale int
-- out: one done bool
with moved as (
	update api_key set version = version + 1, name = $3,
	       expires_at = coalesce(($4 + 1)::timestamp at time zone 'Europe/London', expires_at)
	 where id = $1 and version = $2 and revoked_at is null
	returning id
)
select must((select count(*) from moved) = 1, $5) as done
