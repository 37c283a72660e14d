-- mine_find: of which requests the link is sent to an address (functions/0105_ask.sql).
-- in:  email text
-- out: many request_id text, link_id text?
select request_id, link_id from mine_find($1)
