-- plan_delete: an asset has no disposal plan any more; the error given when it has moved.
-- in:  id text, seen int, stale int
-- out: one done bool
with money as (
	delete from disposal_plan_money where plan_id = $1
), gone as (
	delete from disposal_plan where id = $1 and version = $2
	returning id
)
select must((select count(*) from gone) = 1, $3) as done
