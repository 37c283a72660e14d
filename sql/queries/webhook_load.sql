-- webhook_load: a webhook to be changed, as its fields.
-- in:  id text
-- out: one? version int, gone bool, authority_id text?, principal_id text, state text, fields jsonb
select version, removed_at is not null as gone, authority_id, principal_id, state, jsonb_build_object('url', url,
	'types', types, 'mode', mode, 'filter', filter, 'payload', payload, 'envelope', envelope,
	'schema_version', schema_version) as fields
  from webhook
 where id = $1
