-- request_exists: whether the actor may know of a request.
-- in:  id text
-- out: one? version int
select version from request where id = $1
