-- request_event_supersede: entries of a request's ledger that another now stands for.
-- in:  by_id text, request_id text, ids text[]
update request_event set superseded_by = $1 where request_id = $2 and id = any ($3) and superseded_by is null
