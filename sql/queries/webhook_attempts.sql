-- webhook_attempts: what was tried of a webhook, newest first, after one of them; of that result, status,
--   event, type, subject and time where they are given.
-- in:  webhook_id text, before_at timestamptz?, before_id text?, result text?, event_id text?, type text?, subject text?,
--      since timestamptz?, until timestamptz?, take int, status int?
-- out: many body text, at text, id text
select row_to_json(x)::text as body, a.at::text as at, a.change_id as id
  from webhook_attempt as a
  left join feed as f on f.change_id = a.change_id
 cross join lateral (
	select a.change_id as event_id, a.position, coalesce(f.type, 'endpoint.ping') as type, coalesce(f.subject, a.webhook_id) as subject,
	       utc(a.at) as attempted_at, a.number, a.result, a.status,
	       a.address, a.tls, a.dns_us, a.connect_us, a.tls_us, a.first_byte_us, a.total_us, a.excerpt, a.error,
	       utc(a.next_at) as next_attempt_at
       ) as x
 where a.webhook_id = $1 and ($2::timestamptz is null or (a.at, a.change_id::text) < ($2, $3))
   and ($4::text is null or a.result = $4) and ($5::text is null or a.change_id = $5)
   and ($6::text is null or x.type = $6) and ($7::text is null or x.subject = $7) and ($11::int is null or a.status = $11)
   and ($8::timestamptz is null or a.at >= $8) and ($9::timestamptz is null or a.at < $9)
 order by a.at desc, a.change_id desc
 limit $10
