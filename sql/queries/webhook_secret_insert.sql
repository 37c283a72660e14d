-- webhook_secret_insert: the secret of a webhook, sealed. After the webhook, which its policy asks for.
-- in:  webhook_id text, wrap_key text, nonce text, sealed text
insert into webhook_secret (webhook_id, number, kind, wrap_key, nonce, sealed)
values ($1, 1, 'HMAC', $2, decode($3, 'hex'), decode($4, 'hex'))
