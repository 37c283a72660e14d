-- webhook_attempts: what was tried of a webhook, newest first, after one of them.
-- in:  webhook_id text, before_at timestamptz?, before_id text?, take int
-- out: many body text, at text, id text
select row_to_json(x)::text as body, a.at::text as at, a.change_id as id
  from webhook_attempt as a
 cross join lateral (
	select a.change_id as event_id, a.position, utc(a.at) as attempted_at, a.number, a.result, a.status,
	       a.address, a.tls, a.dns_us, a.connect_us, a.tls_us, a.first_byte_us, a.total_us, a.excerpt, a.error,
	       utc(a.next_at) as next_attempt_at
       ) as x
 where a.webhook_id = $1 and ($2::timestamptz is null or (a.at, a.change_id::text) < ($2, $3))
 order by a.at desc, a.change_id desc
 limit $4
