-- document_file: a document's file as it is to be sent out: the original for its authority, else what everybody may have.
-- in:  id text
-- out: one? gone bool, state text, scan text, media_type text?, byte_count bigint?, sha256 text?, file_name text, first int   -- first: part
select i.gone, d.state::text, d.scan::text, d.media_type, case when i.view = 'p' then coalesce(d.clean_byte_count, d.byte_count) else d.byte_count end as byte_count,
       encode(case when i.view = 'p' then coalesce(d.clean_sha256, d.sha256) else d.sha256 end, 'hex') as sha256, d.file_name,
       case when i.view = 'p' and d.clean_sha256 <> d.sha256 then 1000 else 0 end as first
  from document as d join item_document as i on i.id = d.id
 where d.id = $1
