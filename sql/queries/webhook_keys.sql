-- webhook_keys: the public keys that webhooks are signed with today (functions/0080_webhook.sql).
-- out: many public_key text
select public_key from webhook_public_keys()
