-- webhook_attempts_drop: forget some of what was tried before a moment (functions/0080_webhook.sql).
-- in:  before timestamptz, most int
-- out: one is_more bool
select webhook_attempts_prune($1, $2) as is_more
