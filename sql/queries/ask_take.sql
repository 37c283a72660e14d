-- ask_take: what was asked for has become a request, once.
-- in:  id text
-- out: one done bool
with gone as (
	delete from request_draft where id = $1 returning id
)
select must((select count(*) from gone) = 1, 42) as done
