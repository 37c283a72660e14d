-- hook_verified: a webhook has echoed the nonce of its ping, or consented, and is called from now on: webhook.verified. It is no
--   success that it was sent an event: how long it has failed to take one goes on.
-- in:  fence bigint, webhook_id text, ping text, event_id text, agreed_per_hour bigint?
-- out: one? version int   -- no row: it has a new ping, or the lease is somebody else's
with was as (
	select id, state, updated_at from webhook where id = $2 for update -- before its cursor, as whoever changes it
), proven as (
	update webhook_cursor as c set nonce = null, failing_since = webhook_rested(c.failing_since, was.state, was.updated_at)
	  from was, lease as l
	 where l.name = 'hooks' and l.fence = $1 and c.webhook_id = was.id and c.nonce = $3
	returning c.webhook_id
), active as (
	update webhook as w
	   set version = w.version + 1, state = 'ACTIVE', state_reason = null, agreed_per_hour = $5
	  from proven
	 where w.id = proven.webhook_id and w.removed_at is null
	returning w.id, w.version, w.authority_id
), told as (
	insert into change (id, authority_id, readers, is_public, type, subject, subject_seq, actor_kind, data)
	select $4, authority_id, array_remove(array[authority_id::text], null), false, 'webhook.verified', id, version,
	       'SYSTEM', jsonb_build_object('webhook_id', id)
	  from active
	returning subject_seq
)
select subject_seq as version from told
