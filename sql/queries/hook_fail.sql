-- hook_fail: webhooks that have had no success for long are warned at 50, 70 and 90 per cent of the time, then
--   DISABLED, each told by an event and, where it has a contact, by a letter (W-34), which takes the place of one that still
--   waits. Where they stand is kept: made ACTIVE again they go on from there.
-- in:  fence bigint, days int, least int, event_ids text[], mail_ids text[]   -- as many webhooks as there are ids at a time
-- out: many webhook_id text, percent int
with held as (
	select from lease where name = 'hooks' and fence = $1
), failing as (
	select c.webhook_id, c.failing_since, row_number() over (order by c.failing_since, c.webhook_id) as n,
	       (select max(p) from unnest(array[50, 70, 90, 100]) as p
		 where clock_at() >= c.failing_since + make_interval(hours => $2 * 24) * p / 100 and (p < 100 or c.failures >= $3)) as percent
	  from held, webhook_cursor as c
	  join webhook as w on w.id = c.webhook_id and w.state = 'ACTIVE' and w.removed_at is null
	 where c.failing_since <= clock_at() - make_interval(hours => $2 * 12)
	   and c.warned < (select max(p) from unnest(array[50, 70, 90, 100]) as p
			    where clock_at() >= c.failing_since + make_interval(hours => $2 * 24) * p / 100 and (p < 100 or c.failures >= $3))
	 order by c.failing_since, c.webhook_id
	 limit cardinality($4)
), told as (
	update webhook_cursor as c set warned = f.percent
	  from failing as f
	 where c.webhook_id = f.webhook_id
	returning c.webhook_id
), stepped as (
	update webhook as w
	   set version = w.version + 1, state = case f.percent when 100 then 'DISABLED' else w.state end,
	       state_reason = case f.percent when 100 then 'It has taken no event for ' || $2 || ' days.' else w.state_reason end
	  from failing as f
	  join told using (webhook_id)
	 where w.id = f.webhook_id
	returning w.id, w.version, w.authority_id, w.state_reason, w.has_contact
), kept as (
	insert into change (id, authority_id, readers, is_public, type, subject, subject_seq, actor_kind, data)
	select ($4)[f.n::int], s.authority_id, array_remove(array[s.authority_id::text], null), false,
	       case f.percent when 100 then 'webhook.disabled' else 'webhook.failing' end, s.id, s.version, 'SYSTEM',
	       jsonb_build_object('webhook_id', s.id) || case f.percent when 100 then jsonb_build_object('reason', s.state_reason)
		else jsonb_build_object('failing_since', utc(f.failing_since), 'disabled_at', utc(f.failing_since + make_interval(hours => $2 * 24)),
			'percent', f.percent) end
	  from stepped as s
	  join failing as f on f.webhook_id = s.id
), unsaid as (
	delete from mail as m using stepped as s where m.webhook_id = s.id and m.state = 'WAITING'
), written as (
	insert into mail (id, kind, webhook_id)
	select ($5)[f.n::int], 'WEBHOOK', s.id from stepped as s join failing as f on f.webhook_id = s.id where s.has_contact
)
select webhook_id, percent from failing
