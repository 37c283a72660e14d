-- session_renew: the actor's session that has this word goes by another token; until when it is open stays.
-- in:  csrf text, hash bytea
update page_session set hash = $2 where principal_id = actor_id() and csrf = $1
