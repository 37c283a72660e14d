-- document_parts_drop: the file of a document that was removed a moment ago.
-- in:  document_id text
delete from document_part as p using document as d where p.document_id = $1 and d.id = $1 and d.state = 'REMOVED'
