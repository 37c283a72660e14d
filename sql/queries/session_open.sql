-- session_open: open a session of the actor for a browser, for twelve hours at most; throw away the actor's old ones.
-- in:  hash bytea, key_id text, csrf text
-- out: one done bool
with old as (delete from page_session where principal_id = actor_id() and expires_at <= clock_at())
insert into page_session (hash, principal_id, key_id, csrf, expires_at)
values ($1, actor_id(), $2, $3, clock_at() + interval '12 hours')
returning true as done
