-- setting_put: what an authority settles; the error given when it has moved.
-- in:  authority_id text, seen int, fields jsonb, stale int
-- out: one done bool
with put as (
	insert into authority_setting as s (authority_id, second_person, inspect_at, respond_to)
	select $1, coalesce(x.second_person, false), x.inspect_at, x.respond_to from jsonb_populate_record(null::authority_setting, $3) as x
	    on conflict (authority_id) do update
	   set version = s.version + 1, second_person = excluded.second_person, inspect_at = excluded.inspect_at,
	       respond_to = excluded.respond_to
	 where s.version = $2
	returning s.version
)
select must((select version from put) = $2 + 1, $4) as done
