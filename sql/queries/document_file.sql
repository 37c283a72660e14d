-- document_file: a document's file as it is to be sent out.
-- in:  id text
-- out: one? gone bool, state text, media_type text?, byte_count bigint?, sha256 text?, file_name text
select i.gone, d.state::text, d.media_type, d.byte_count, encode(d.sha256, 'hex') as sha256, d.file_name
  from document as d join item_document as i on i.id = d.id
 where d.id = $1
