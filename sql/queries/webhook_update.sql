-- webhook_update: the fields of a webhook at its next version; with a ping it has to prove itself
--   again, and has all of its time once more where it was switched off or is another's address now. The error given when it has moved.
-- in:  id text, seen int, fields jsonb, ping text?, stale int
-- out: one done bool
with was as (
	select id, state, url, updated_at from webhook where id = $1
), moved as (
	update webhook as w
	   set version = w.version + 1, url = x.url, types = coalesce(x.types, '{*}'),
	       mode = coalesce(x.mode, 'UNORDERED'), filter = coalesce(x.filter, '{}'),
	       payload = coalesce(x.payload, 'FULL'), envelope = coalesce(x.envelope, 'STANDARD'),
	       schema_version = coalesce(x.schema_version, 1::smallint),
	       per_hour = coalesce(x.per_hour, 180000), burst = coalesce(x.burst, 100::smallint),
	       timeout_s = coalesce(x.timeout_s, 20::smallint), retry = coalesce(x.retry, '[]'), headers = coalesce(x.headers, '[]'), ca = x.ca,
	       client_certificate = x.client_certificate, contact = x.contact,
	       state = case when $4::text is null then w.state else 'UNVERIFIED' end,
	       state_reason = case when $4::text is null then w.state_reason end,
	       agreed_per_hour = case when $4::text is null then w.agreed_per_hour end
	  from jsonb_populate_record(null::webhook, $3) as x
	 where w.id = $1 and w.version = $2
	returning w.id
), pinged as (
	update webhook_cursor as c
	   set nonce = coalesce($4, c.nonce), failures = case when anew then 0 else c.failures end, warned = case when anew then 0 else c.warned end,
	       failing_since = case when not anew then webhook_rested(c.failing_since, was.state, was.updated_at) end
	  from moved, was
	 cross join lateral (select $4::text is not null and (was.state = 'DISABLED' or was.url <> $3 ->> 'url')) as x (anew)
	 where c.webhook_id = moved.id and (was.state <> 'ACTIVE' or $4::text is not null)
)
select must((select count(*) from moved) = 1, $5) as done
