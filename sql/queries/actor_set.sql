-- actor_set: say who acts, by which key and when, for row policies and defaults; gone after the batch's sync.
-- in:  principal_id text, key_id text, request_id text, at timestamptz, today date, timeout_ms int, trace text
-- out: one done text
select actor_set($1, $2, $3, $4, $5)::text || set_config('statement_timeout', $6::text, true)
	|| set_config('assetd.trace', $7, true) as done
