-- year_end_tell: the run that closes a year was frozen, by nobody: every authority hears of it, as its people may read their share.
-- in:  id text, run_id text, data jsonb
-- out: one id text
select change_put($1, 'run.frozen', $2, 1, null, null, $3, null, null, null, null, null, null, false,
	array(select a.id::text from authority as a order by a.id), 'SYSTEM') as id
