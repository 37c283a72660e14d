-- authority_update: the fields of an authority at its next version; the error given when it has moved.
-- in:  id text, seen int, fields jsonb, stale int
-- out: one done bool
with moved as (
	update authority as a
	   set version = a.version + 1, name = x.name, name_gd = x.name_gd, kind = x.kind, code = x.code,
	       challenge_route_given = $3 ->> 'challenge_route'
	  from jsonb_populate_record(null::authority, $3) as x
	 where a.id = $1 and a.version = $2
	returning a.id
)
select must((select count(*) from moved) = 1, $4) as done
