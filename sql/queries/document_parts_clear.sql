-- document_parts_clear: forget what has arrived of a file that is being sent, from a part on.
-- in:  document_id text, first int
delete from document_part as p using document as d
 where p.document_id = $1 and d.id = $1 and d.state = 'UPLOADING' and p.number >= $2
