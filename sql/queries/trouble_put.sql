-- trouble_put: something cannot be done for a request as it stands: try again after 1 minute, 2, 4 … up to a day.
-- in:  request_id text, work text, version int
insert into request_trouble as t (request_id, work, version, failures, again_at)
values ($1, $2, $3, 1, clock_at() + trouble_wait(1))
on conflict (request_id, work) do update
	set version = excluded.version,
	    failures = case when t.version = excluded.version then least(t.failures + 1, 12) else 1 end,
	    again_at = clock_at() + trouble_wait(case when t.version = excluded.version then t.failures + 1 else 1 end)
