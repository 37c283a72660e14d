-- hook_flush: keep what the sender did: attempts, what is to be tried again, what is over, cursors. Nobody takes over before it
--   has ended: who does reads cursors and what was sent beyond them one after the other, and must find both as they stay.
-- in:  fence bigint, attempts jsonb, parked jsonb, over jsonb, cursors jsonb
-- out: one? done bool   -- no row: the lease is somebody else's
with held as (
	select from lease where name = 'hooks' and fence = $1 for share
), logged as (
	insert into webhook_attempt (webhook_id, at, change_id, position, number, result, status, address, tls, dns_us,
		connect_us, tls_us, first_byte_us, total_us, excerpt, error, next_at)
	select a.* from held, jsonb_to_recordset($2) as a (webhook_id text, at timestamptz, change_id text, position bigint,
		number int, result text, status int, address text, tls text, dns_us bigint, connect_us bigint, tls_us bigint,
		first_byte_us bigint, total_us bigint, excerpt text, error text, next_at timestamptz)
), parked as (
	insert into webhook_retry (webhook_id, change_id, change_at, position, subject, attempts, due_at, due_from)
	select p.* from held, jsonb_to_recordset($3) as p (webhook_id text, change_id text, change_at timestamptz,
		position bigint, subject text, attempts int, due_at timestamptz, due_from timestamptz)
	on conflict (webhook_id, change_id) do update set attempts = excluded.attempts, due_at = excluded.due_at, due_from = excluded.due_from
), over as (
	delete from webhook_retry as r using held, jsonb_to_recordset($4) as o (webhook_id text, change_id text)
	 where r.webhook_id = o.webhook_id and r.change_id = o.change_id
), moved as (
	update webhook_cursor as c
	   set position = greatest(c.position, m.position),
	       last_success_at = case when m.is_success then clock_at() else c.last_success_at end,
	       failures = case when m.is_success then 0 else c.failures end + m.failures,
	       failing_since = case when m.failures = 0 then case when not m.is_success then c.failing_since end
				else coalesce(case when not m.is_success then c.failing_since end, clock_at()) end,
	       warned = case when m.is_success then 0 else c.warned end
	  from held, jsonb_to_recordset($5) as m (webhook_id text, position bigint, is_success boolean, failures int)
	 where c.webhook_id = m.webhook_id
)
select true as done from held
