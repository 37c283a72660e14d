-- document_remove: the row stays, without its file; the error given when it has moved.
-- in:  id text, seen int, stale int
-- out: one done bool
with moved as (
	update document as d
	   set version = d.version + 1, state = 'REMOVED', published = false
	 where d.id = $1 and d.version = $2 and d.state <> 'REMOVED'
	returning d.id
), emptied as (
	delete from document_part as p using moved as m where p.document_id = m.id
)
select must((select count(*) from moved) = 1, $3) as done
