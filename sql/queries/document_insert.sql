-- document_insert: what is said of a document, before its file arrives.
-- in:  id text, fields jsonb, retention_from text, retention_months int?
-- out: one done bool   -- the asset or request is gone, or another's: not found
with parent as (
	select authority_id, id as asset_id, null::atr_id as request_id, published from asset
	 where id = $2 ->> 'asset_id' and removed_at is null
	union all
	select authority_id, null, id, published from request where id = $2 ->> 'request_id'
), made as (
	insert into document (id, authority_id, asset_id, request_id, parent_published, kind, title, alt, file_name, received_on,
		redaction, redaction_by, redaction_at, redacts_id, retention, retention_from, retention_months, byte_count, sha256)
	select $1, p.authority_id, p.asset_id, p.request_id, p.published, $2 ->> 'kind', $2 ->> 'title', $2 ->> 'alt',
	       $2 ->> 'file_name', ($2 ->> 'received_on')::date, $2 ->> 'redaction',
	       case when $2 ->> 'redaction' <> 'UNCHECKED' then actor_id() end,
	       case when $2 ->> 'redaction' <> 'UNCHECKED' then clock_at() end,
	       $2 ->> 'redacts_id', $2 ->> 'retention', $3, $4, ($2 ->> 'byte_count')::bigint, decode($2 ->> 'sha256', 'hex')
	  from parent as p
	returning id
)
select must((select count(*) from made) = 1, 40) as done
