-- hook_verified: a webhook has echoed the nonce of its ping and is called from now on.
-- in:  fence bigint, webhook_id text, ping text
-- out: one? version int   -- no row: it has a new ping, or the lease is somebody else's
with proven as (
	update webhook_cursor as c set nonce = null
	  from lease as l
	 where l.name = 'hooks' and l.fence = $1 and c.webhook_id = $2 and c.nonce = $3
	returning c.webhook_id
)
update webhook as w
   set version = w.version + 1, state = 'ACTIVE', state_reason = null
  from proven
 where w.id = proven.webhook_id and w.removed_at is null
returning w.version
