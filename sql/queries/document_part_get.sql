-- document_part_get: a part of a document's file.
-- in:  document_id text, number int
-- out: one? bytes bytea, sha256 bytea
select bytes, sha256 from document_part where document_id = $1 and number = $2
