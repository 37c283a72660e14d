-- webhook_recoverable: how many events would be sent once more (functions/0080_webhook.sql).
-- in:  id text, event_id text?, from_position bigint?, until_position bigint?, since timestamptz?, until timestamptz?, types text[]?, is_failed_only bool
-- out: one count bigint
select count(*) as count from webhook_recoverable($1, $2, $3, $4, $5, $6, $7, $8)
