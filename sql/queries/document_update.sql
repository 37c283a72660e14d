-- document_update: what is said of a document at its next version; the error given when it has moved.
--   Who says something of its redaction is noted when that changes.
-- in:  id text, seen int, fields jsonb, retention_from text, retention_months int?, stale int
-- out: one done bool
with moved as (
	update document as d
	   set version = d.version + 1, kind = $3 ->> 'kind', title = $3 ->> 'title', alt = $3 ->> 'alt',
	       file_name = $3 ->> 'file_name', received_on = ($3 ->> 'received_on')::date,
	       published = coalesce(($3 ->> 'published')::boolean, false), redaction = $3 ->> 'redaction',
	       redaction_by = case when $3 ->> 'redaction' = 'UNCHECKED' then null
			when $3 ->> 'redaction' = d.redaction then d.redaction_by else actor_id() end,
	       redaction_at = case when $3 ->> 'redaction' = 'UNCHECKED' then null
			when $3 ->> 'redaction' = d.redaction then d.redaction_at else clock_at() end,
	       redacts_id = $3 ->> 'redacts_id', retention = $3 ->> 'retention', retention_from = $4, retention_months = $5
	 where d.id = $1 and d.version = $2 and d.state <> 'REMOVED'
	returning d.id
)
select must((select count(*) from moved) = 1, $6) as done
