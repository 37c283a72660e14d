-- account_move: an account's next version, and the error given when it has moved.
-- in:  id text, seen int, stale int
-- out: one done bool
with moved as (
	update principal set version = version + 1 where id = $1 and version = $2 and closed_at is null returning id
)
select must((select count(*) from moved) = 1, $3) as done
