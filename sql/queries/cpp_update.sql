-- cpp_update: the fields of a partnership at its next version; the error given when it has moved.
-- in:  id text, seen int, fields jsonb, stale int
-- out: one done bool
with moved as (
	update cpp as c
	   set version = c.version + 1, name = x.name, code = x.code
	  from jsonb_populate_record(null::cpp, $3) as x
	 where c.id = $1 and c.version = $2
	returning c.id
)
select must((select count(*) from moved) = 1, $4) as done
