-- request_look: when a request is looked at next, without a version of its own: nothing that anybody sees has moved.
-- in:  id text, seen int, look_on date?
update request set look_on = $3 where id = $1 and version = $2
