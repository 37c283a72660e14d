-- draft_take: a draft has become a representation, once.
-- in:  id text
-- out: one done bool
with gone as (
	delete from representation_draft where id = $1 returning id
)
select must((select count(*) from gone) = 1, 42) as done
