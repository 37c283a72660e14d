-- actor_set: say who acts and when, for row policies and defaults; gone after the batch's sync.
-- in:  principal_id text, key_id text, request_id text, at timestamptz, today date, timeout_ms int
-- out: one done text
select set_config('assetd.principal', $1, true) || set_config('assetd.key', $2, true)
       || set_config('assetd.request', $3, true) || set_config('assetd.now', $4::text, true)
       || set_config('assetd.today', $5::text, true)
       || set_config('statement_timeout', $6::text, true) as done
