-- document_load: a document for who changes it or sends its file; fields as its shape has them.
-- in:  id text
-- out: one? version int, authority_id text, state text, is_gone bool, byte_count bigint?, sha256 text?, asset_id text?,
--      request_id text?, file_name text, title text, media_type text?, scan text, has_copy bool, fields jsonb
select d.version, d.authority_id::text, d.state::text, d.state = 'REMOVED' or (a.removed_at is not null and asset_is_gone(a.id)) as is_gone,
       d.byte_count, encode(d.sha256, 'hex') as sha256, d.asset_id::text, d.request_id::text, d.file_name, d.title, d.media_type, d.scan::text, d.clean_sha256 is not null as has_copy,
       jsonb_strip_nulls(jsonb_build_object('asset_id', d.asset_id, 'request_id', d.request_id, 'kind', d.kind, 'title', d.title,
		'alt', d.alt, 'file_name', d.file_name, 'received_on', d.received_on, 'published', d.published,
		'redaction', d.redaction, 'redacts_id', d.redacts_id, 'retention', d.retention,
		'byte_count', d.byte_count, 'sha256', encode(d.sha256, 'hex'))) as fields
  from document as d
  left join asset as a on a.id = d.asset_id
 where d.id = $1
