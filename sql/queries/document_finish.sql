-- document_finish: the file is whole and was looked at; refused (45) when a part was sent again meanwhile, or another who
--   read the file back wrote parts of its copy.
-- in:  id text, media_type text, byte_count bigint, sha256 bytea, crc32 bigint, parts bytea,
--      clean_byte_count bigint?, clean_sha256 bytea?, clean_crc32 bigint?,   -- of the copy for the public
--      clean_parts bytea?,   -- absent: there is no part of a copy
--      scan text   -- PENDING: nobody is served it before somebody has looked at it for viruses
-- out: one done bool   -- parts, clean_parts: SHA-256 over those of the parts, in order
with moved as (
	update document as d
	   set version = d.version + 1, state = 'STORED', media_type = $2, byte_count = $3, sha256 = $4, crc32 = $5, clean_byte_count = $7, clean_sha256 = $8,
	       clean_crc32 = $9, scan = $11
	 where d.id = $1 and d.state = 'UPLOADING'
	   and (select sha256(string_agg(p.sha256, ''::bytea order by p.number)) from document_part as p where p.document_id = $1 and p.number < 1000) = $6
	   and (select sha256(string_agg(p.sha256, ''::bytea order by p.number)) from document_part as p where p.document_id = $1 and p.number >= 1000)
		is not distinct from $10
	returning d.id
)
select must((select count(*) from moved) = 1, 45) as done
