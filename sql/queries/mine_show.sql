-- mine_show: what the bearer of a link is shown of the request (functions/0105_ask.sql).
-- in:  id text
-- out: one? body text
select body from mine_show($1)
