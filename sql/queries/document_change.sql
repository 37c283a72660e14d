-- document_change: record a change of a document as it now is: public when it is, or was a moment ago.
-- in:  id text, type text, document_id text, was_public bool, was jsonb?, is_now jsonb?, reason text?
-- out: one id text
select change_put($1, $2, $3, d.version, d.authority_id,
	case when d.parent_published and (d.published or $4) then d.asset_id end,
	jsonb_build_object('document_id', d.id, 'asset_id', d.asset_id, 'request_id', d.request_id, 'kind', d.kind, 'title', d.title,
		'state', d.state, 'media_type', d.media_type, 'byte_count', coalesce(d.clean_byte_count, d.byte_count),
		'sha256', encode(coalesce(d.clean_sha256, d.sha256), 'hex'),
		'received_on', d.received_on, 'published', d.published, 'redaction', d.redaction, 'scan', d.scan),
	$5, $6, null, null, null, $7, d.parent_published and (d.published or $4)) as id
  from document as d where d.id = $3
