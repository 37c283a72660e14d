-- mine_load: what a link is for, for whoever came by it (functions/0105_ask.sql).
-- in:  id text
-- out: one? request_id text, has_address bool
select request_id, has_address from mine_load($1)
