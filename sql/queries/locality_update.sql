-- locality_update: the fields of a locality at its next version; the error given when it has moved.
-- in:  id text, seen int, fields jsonb, stale int
-- out: one done bool
with moved as (
	update locality as l
	   set version = l.version + 1, name = x.name, code = x.code, cpp_id = x.cpp_id, kind = x.kind
	  from jsonb_populate_record(null::locality, $3) as x
	 where l.id = $1 and l.version = $2
	returning l.id
)
select must((select count(*) from moved) = 1, $4) as done
