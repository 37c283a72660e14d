-- webhook_secret_insert: a secret of a webhook, sealed. After the webhook, which its policy asks for.
-- in:  webhook_id text, number int, kind text, wrap_key text, nonce text, sealed text
insert into webhook_secret (webhook_id, number, kind, wrap_key, nonce, sealed)
values ($1, $2, $3, $4, decode($5, 'hex'), decode($6, 'hex'))
