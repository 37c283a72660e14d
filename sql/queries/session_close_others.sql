-- session_close_others: end the actor's sessions but the one that has this word; without one all of them.
-- in:  csrf text?
delete from page_session where principal_id = actor_id() and csrf is distinct from $1
