-- request_compete: the other live requests on the land of this one are told of it, each with a change.
-- in:  request_id text, event_ids text[]
-- out: one told int
select request_compete($1, $2) as told
