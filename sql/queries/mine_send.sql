-- mine_send: send such a link (functions/0105_ask.sql).
-- in:  email text, request_id text, link_id text, ticket text, mail_id text, days int
-- out: one done bool
select mine_send($1, $2, $3, $4, $5, $6) as done
