-- budget_put: the next version of an authority's budget for receipts; the error given when there is one already.
-- in:  authority_id text, seen int, years jsonb, note text, stale int
-- out: one done bool
with made as (
	insert into receipt_budget (authority_id, version, years, note)
	select $1, $2 + 1, $3, $4
	    on conflict do nothing
	returning version
)
select must(exists (select from made), $5) as done
