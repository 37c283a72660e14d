-- case_documents: the documents of a request whose file is there, for its whole file.
-- in:  request_id text, is_public bool, take int
-- out: many id text, title text, file_name text, media_type text, received_on date, byte_count bigint, sha256 text, crc32 bigint
select d.id::text, d.title, d.file_name, d.media_type, d.received_on, d.byte_count, encode(d.sha256, 'hex') as sha256, d.crc32
  from document as d
 where d.request_id = $1 and d.state = 'STORED' and (d.published or not $2)
 order by d.received_on, d.id
 limit $3
