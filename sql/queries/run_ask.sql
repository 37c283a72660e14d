-- run_ask: what the actor asked for, of a promised run that has come to nothing.
-- in:  id text
-- out: one asked text
select asked from run_ask where run_id = $1 and principal_id = actor_id()
