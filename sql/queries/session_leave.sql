-- session_leave: end the session of that token, whosever it is (functions/0010_access.sql).
-- in:  hash bytea
-- out: one done bool
select session_leave($1) as done
