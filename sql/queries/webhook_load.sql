-- webhook_load: a webhook to be changed, as its fields.
-- in:  id text
-- out: one? version int, gone bool, authority_id text?, principal_id text, state text, fields jsonb, secrets int
select version, removed_at is not null as gone, authority_id, principal_id, state, jsonb_build_object('url', url,
	'types', types, 'mode', mode, 'filter', filter, 'payload', payload, 'envelope', envelope,
	'schema_version', schema_version, 'per_hour', per_hour, 'burst', burst, 'timeout_s', timeout_s, 'retry', retry,
	'headers', headers, 'ca', ca, 'client_certificate', client_certificate, 'contact', contact) as fields,
	coalesce((select max(s.number) from webhook_secret as s where s.webhook_id = webhook.id), 0)::int as secrets
  from webhook
 where id = $1
