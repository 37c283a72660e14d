-- report_update: other texts for a draft, unless somebody changed it first.
-- in:  id text, seen int, fields jsonb, stale int
-- out: one done bool
with moved as (
	update report set version = version + 1, promotion = $3 ->> 'promotion', support = $3 ->> 'support'
	 where id = $1 and version = $2
	returning 1
)
select must((select count(*) from moved) = 1, $4) as done
