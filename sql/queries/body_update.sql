-- body_update: the public fields of a community body at its next version; the error given when it has moved.
-- in:  id text, seen int, fields jsonb, stale int
-- out: one done bool
with moved as (
	update community_body as b
	   set version = b.version + 1, name = x.name, legal_form = x.legal_form, charity_number = x.charity_number,
	       company_number = x.company_number, members = x.members, unmet = coalesce(x.unmet, '{}')
	  from jsonb_populate_record(null::community_body, $3) as x
	 where b.id = $1 and b.version = $2
	returning b.id
)
select must((select count(*) from moved) = 1, $4) as done
