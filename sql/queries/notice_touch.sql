-- notice_touch: an issued notice's next version, because it was served; the error given when it has moved.
-- in:  id text, seen int, stale int
-- out: one done bool
with moved as (
	update notice set version = version + 1 where id = $1 and version = $2 and state = 'ISSUED' returning id
)
select must((select count(*) from moved) = 1, $3) as done
