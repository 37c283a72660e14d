-- run_insert: a frozen run; its figures follow in a statement of their own, whose policy looks for it.
-- in:  id text, authority_id text?, fields jsonb, model_version text, frozen jsonb, overlay jsonb, parameters_set jsonb?, year_end_on date?
insert into projection_run (id, authority_id, name, tag, as_of_on, valid_on, known_at, seed, paths, position,
	model_version, parameters, parameters_hash, parameters_version, overlay, overlay_hash, parameters_set, year_end_on)
select $1, $2, $3 ->> 'name', $3 ->> 'tag', ($3 ->> 'as_of_on')::date, ($3 ->> 'valid_on')::date,
       ($3 ->> 'known_at')::timestamptz, ($3 ->> 'seed')::numeric, ($3 ->> 'paths')::int,
       ($5 ->> 'position')::bigint, $4, $5 -> 'parameters', $5 ->> 'parameters_hash', ($5 ->> 'parameters_version')::int, $6,
       encode(sha256(convert_to($6::text, 'UTF8')), 'hex'), coalesce($7, '{}'), $8
