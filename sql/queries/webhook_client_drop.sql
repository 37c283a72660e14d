-- webhook_client_drop: the key of a webhook's client certificate is kept no longer.
-- in:  webhook_id text
delete from webhook_secret where webhook_id = $1 and kind = 'TLS'
