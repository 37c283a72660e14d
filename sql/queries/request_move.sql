-- request_move: a request's next version, because something that hangs on it changed.
-- in:  id text
-- out: one version int
update request set version = version + 1 where id = $1 returning version
