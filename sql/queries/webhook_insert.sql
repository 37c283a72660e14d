-- webhook_insert: a new webhook of the actor.
-- in:  id text, authority_id text?, fields jsonb, public_key text
insert into webhook (id, principal_id, authority_id, url, types, mode, filter, payload, envelope, schema_version,
	per_hour, burst, timeout_s, retry, headers, ca, client_certificate, contact, public_key)
select $1, actor_id(), $2, x.url, coalesce(x.types, '{*}'), coalesce(x.mode, 'UNORDERED'), coalesce(x.filter, '{}'),
       coalesce(x.payload, 'FULL'), coalesce(x.envelope, 'STANDARD'), coalesce(x.schema_version, 1::smallint),
       coalesce(x.per_hour, 180000), coalesce(x.burst, 100::smallint), coalesce(x.timeout_s, 20::smallint), coalesce(x.retry, '[]'), coalesce(x.headers, '[]'), x.ca, x.client_certificate, x.contact, $4
  from jsonb_populate_record(null::webhook, $3) as x
