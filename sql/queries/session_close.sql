-- session_close: end the actor's session that has this word.
-- in:  csrf text
delete from page_session where principal_id = actor_id() and csrf = $1
