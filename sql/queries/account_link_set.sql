-- account_link_set: another link by which an account's password is set, within so many days, and the error given when the account
--   has moved; the one before ends. Without a link that of a letter will be it.
-- in:  id text, seen int, link bytea?, days int, stale int
-- out: one done bool
with moved as (
	update principal set version = version + 1 where id = $1 and version = $2 and closed_at is null returning id
), linked as (
	update account set link = $3, link_expires_at = case when $3 is not null then clock_at() + make_interval(days => $4) end, link_is_own = false
	 where principal_id = (select id from moved)
	returning principal_id
)
select must((select count(*) from linked) = 1, $5) as done
