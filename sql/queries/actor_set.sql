-- actor_set: say who acts, by which key and when, for row policies and defaults; gone after the batch's sync.
--   is_keyed: its statements ask by key and are planned once a connection. Left to choose, PostgreSQL plans a
--   large one anew each time it runs, since it takes planning to be cheaper than it is (DECISIONS 92).
-- in:  principal_id text, key_id text, request_id text, at timestamptz, today date, timeout_ms int, trace text, is_keyed bool
-- out: one done text
select actor_set($1, $2, $3, $4, $5)::text || set_config('statement_timeout', $6::text, true)
	|| set_config('assetd.trace', $7, true)
	|| case when $8 then set_config('plan_cache_mode', 'force_generic_plan', true) else '' end as done
