-- webhook_cursor_insert: a new webhook begins where the feed stands, and with a ping.
-- in:  webhook_id text, ping text
insert into webhook_cursor (webhook_id, position, nonce)
select $1, position, $2 from feed_state
