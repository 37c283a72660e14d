-- account_close: whose account it was has left, and the error given when it has moved. Their sessions end with it, and their address is free.
-- in:  id text, seen int, stale int
-- out: one done bool
with gone as (
	update principal set version = version + 1, closed_at = clock_at() where id = $1 and version = $2 and closed_at is null
	returning id
), freed as (
	update account set is_closed = true, link = null, link_expires_at = null where principal_id = (select id from gone)
)
select must((select count(*) from gone) = 1, $3) as done
