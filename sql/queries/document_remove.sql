-- document_remove: the row stays; the error given when it has moved. Its file goes by document_parts_drop, as nobody
--   sees the parts of one with a virus before.
-- in:  id text, seen int, stale int
-- out: one done bool
with moved as (
	update document as d
	   set version = d.version + 1, state = 'REMOVED', published = false
	 where d.id = $1 and d.version = $2 and d.state <> 'REMOVED'
	returning d.id
)
select must((select count(*) from moved) = 1, $3) as done
