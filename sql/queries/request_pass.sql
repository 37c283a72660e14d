-- request_pass: a request as it is after a move by time; the error given when somebody else has moved it.
-- in:  id text, seen int, row jsonb, deadlines jsonb, stale int, calendar_id text?, look_on date?
-- out: one done bool
with moved as (
	update request as r
	   set version = r.version + 1, effective_on = x.effective_on, state = x.state, state_on = x.state_on, level = x.level,
	       model_state_on = x.model_state_on, bar_to = x.bar_to, allowed = x.allowed, flags = x.flags, deadlines = $4,
	       calendar_version = $6, look_on = $7
	  from jsonb_populate_record(null::request, $3) as x
	 where r.id = $1 and r.version = $2
	returning r.id
)
select must((select count(*) from moved) = 1, $5) as done
