-- webhook_health: how webhooks fare that the actor may change, its own first: one of them, or all, 200 at most. What waits to be
--   sent again is counted up to 10,000.
-- in:  id text?
-- out: many body text
select row_to_json(x)::text as body
  from (select w.id, w.version, w.url, array_to_string(w.types, ' ') as types, w.mode, w.payload, w.envelope, w.filter <> '{}' as is_filtered,
	       w.state as webhook_state, w.state_reason, w.public_key, w.principal_id = actor_id() as is_own, p.name as owner,
	       a.name as authority_name, greatest(0, s.position - c.position) as behind_count, c.position,
	       utc(c.last_success_at) as last_success_at, utc(c.failing_since) as failing_at, c.failures as failures_count,
	       q.waiting_count, utc(q.next_at) as next_at,
	       (select utc(max(k.expires_at)) from webhook_secret as k where k.webhook_id = w.id and k.expires_at > clock_at()) as overlap_at
	  from webhook as w
	  join webhook_cursor as c on c.webhook_id = w.id
	 cross join feed_state as s
	  left join principal as p on p.id = w.principal_id
	  left join authority as a on a.id = w.authority_id
	 cross join lateral (select count(*) as waiting_count, min(r.due_at) filter (where r.due_at < 'infinity') as next_at
		from (select due_at from webhook_retry where webhook_id = w.id order by due_at limit 10000) as r) as q
	 where w.removed_at is null and ($1::text is null or w.id = $1)
	 order by is_own desc, w.id desc
	 limit 200) as x
