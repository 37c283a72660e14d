-- hook_disable: a receiver wants no more: webhook.disabled, and a letter to its contact.
-- in:  fence bigint, webhook_id text, reason text, event_id text, mail_id text
-- out: one? version int   -- no row: it is not active, or the lease is somebody else's
with stopped as (
	update webhook as w
	   set version = w.version + 1, state = 'DISABLED', state_reason = $3
	  from lease as l
	 where l.name = 'hooks' and l.fence = $1 and w.id = $2 and w.state <> 'DISABLED' and w.removed_at is null
	returning w.id, w.version, w.authority_id, w.has_contact
), told as (
	insert into change (id, authority_id, readers, is_public, type, subject, subject_seq, actor_kind, data)
	select $4, authority_id, array_remove(array[authority_id::text], null), false, 'webhook.disabled', id, version,
	       'SYSTEM', jsonb_build_object('webhook_id', id, 'reason', $3::text)
	  from stopped
	returning subject_seq
), unsaid as (
	delete from mail as m using stopped as s where m.webhook_id = s.id and m.state = 'WAITING'
), written as (
	insert into mail (id, kind, webhook_id) select $5, 'WEBHOOK', id from stopped where has_contact
)
select subject_seq as version from told
