-- rewrap_put: secrets of webhooks under this key, where they are still what they were.
-- as:  owner
-- in:  key text, rows jsonb
-- out: one count int
with put as (
	update webhook_secret as s set wrap_key = $1, nonce = decode(x.nonce, 'hex'), sealed = decode(x.sealed, 'hex')
	  from jsonb_to_recordset($2) as x (webhook_id text, kind text, number int, was text, nonce text, sealed text)
	 where s.webhook_id = x.webhook_id and s.kind = x.kind and s.number = x.number and s.nonce = decode(x.was, 'hex')
	returning s.number
)
select count(*)::int as count from put
