-- mine_load: what a link is for, for whoever came by it (functions/0105_ask.sql).
-- in:  id text
-- out: one? request_id text, has_address bool, extension text?, until_on text?
select request_id, has_address, extension, until_on from mine_load($1)
