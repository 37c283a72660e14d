-- hook_load: what the sender must know of these webhooks.
-- in:  ids text[]
-- out: many id text, version int, principal_id text, url text, types text, mode text, subject text?,
--      authority_id text?, payload text, envelope text, state text, position bigint, ping text?,
--      wrap_key text?, nonce text?, sealed text?, waiting text[]
select w.id, w.version, w.principal_id, w.url, array_to_string(w.types, ',') as types, w.mode,
       w.filter ->> 'subject' as subject, w.filter ->> 'authority_id' as authority_id, w.payload, w.envelope, w.state,
       c.position, c.nonce as ping, s.wrap_key, encode(s.nonce, 'hex') as nonce, encode(s.sealed, 'hex') as sealed,
       array(select r.subject || '=' || count(*) from webhook_retry as r
	      where r.webhook_id = w.id and w.mode <> 'UNORDERED' group by r.subject limit 10000) as waiting
  from webhook as w
  join webhook_cursor as c on c.webhook_id = w.id
  left join lateral (
	select x.wrap_key, x.nonce, x.sealed from webhook_secret as x
	 where x.webhook_id = w.id and x.kind = 'HMAC' and (x.expires_at is null or x.expires_at > clock_at())
	 order by x.number desc limit 1) as s on true
 where w.id = any ($1) and w.removed_at is null
 order by w.id
