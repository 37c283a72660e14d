-- case_documents: the documents of a request whose file is there and is served, for its whole file.
-- in:  request_id text, is_public bool, take int
-- out: many id text, title text, file_name text, media_type text, received_on date, byte_count bigint, sha256 text, crc32 bigint,
--      first int   -- first: its first part; of a photograph the public gets the copy
select d.id::text, d.title, d.file_name, d.media_type, d.received_on,
       case when $2 then coalesce(d.clean_byte_count, d.byte_count) else d.byte_count end as byte_count,
       encode(case when $2 then coalesce(d.clean_sha256, d.sha256) else d.sha256 end, 'hex') as sha256,
       case when $2 then coalesce(d.clean_crc32, d.crc32) else d.crc32 end as crc32,
       case when $2 and d.clean_sha256 <> d.sha256 then 1000 else 0 end as first
  from document as d
 where d.request_id = $1 and d.state = 'STORED' and d.scan in ('NOT_SCANNED', 'CLEAN') and (d.published or not $2)
 order by d.received_on, d.id
 limit $3
