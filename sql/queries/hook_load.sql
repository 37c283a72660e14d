-- hook_load: what the sender must know of these webhooks. Lists that may hold anything but a line feed are
--   joined by that; client_key: key it is sealed with, nonce, sealed; secrets: kind, key it is sealed with, nonce, sealed, second it ends (0 none), the newest first.
-- in:  ids text[]
-- out: many id text, version int, principal_id text, url text, types text, mode text, subject text?,
--      authority_id text?, asset_id text?, locality_id text?, wheres text, payload text, envelope text, state text,
--      position bigint, ping text?, per_hour bigint, burst int, timeout_s int, retry text, headers text, ca text?,
--      client_certificate text?, client_key text?, secrets text,
--      waiting text[]
select w.id, w.version, w.principal_id, w.url, array_to_string(w.types, ',') as types, w.mode,
       w.filter ->> 'subject' as subject, w.filter ->> 'authority_id' as authority_id, w.filter ->> 'asset_id' as asset_id,
       w.filter ->> 'locality_id' as locality_id,
       coalesce((select string_agg(normalize(x, nfc), E'\n') from jsonb_array_elements_text(w.filter -> 'where') as x), '') as wheres,
       w.payload, w.envelope, w.state, c.position, c.nonce as ping, least(w.per_hour, w.agreed_per_hour)::bigint as per_hour,
       least(w.burst, w.agreed_per_hour / 60)::int as burst,
       w.timeout_s::int as timeout_s,
       coalesce((select string_agg(x ->> 'wait_s', ',' order by n) from jsonb_array_elements(w.retry) with ordinality as l (x, n)), '') as retry,
       coalesce((select string_agg((x ->> 'name') || ': ' || (x ->> 'value'), E'\n' order by n)
		   from jsonb_array_elements(w.headers) with ordinality as l (x, n)), '') as headers, w.ca, w.client_certificate,
       (select concat_ws(' ', s.wrap_key, encode(s.nonce, 'hex'), encode(s.sealed, 'hex'))
	  from webhook_secret as s where s.webhook_id = w.id and s.kind = 'TLS') as client_key,
       coalesce((select string_agg(concat_ws(' ', s.kind, s.wrap_key, encode(s.nonce, 'hex'), encode(s.sealed, 'hex'),
				coalesce(extract(epoch from s.expires_at)::bigint, 0)), ',' order by s.kind desc, s.number desc)
		   from webhook_secret as s
		  where s.webhook_id = w.id and s.kind <> 'TLS' and (s.expires_at is null or s.expires_at > clock_at())), '') as secrets,
       array(select r.subject || '=' || count(*) from webhook_retry as r
	      where r.webhook_id = w.id and w.mode <> 'UNORDERED' group by r.subject limit 10000) as waiting
  from webhook as w
  join webhook_cursor as c on c.webhook_id = w.id
 where w.id = any ($1) and w.removed_at is null
 order by w.id
