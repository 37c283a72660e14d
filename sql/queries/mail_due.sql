-- mail_due: the letters that are to be sent by now (functions/0090_mail.sql).
-- in:  most int, full text[]
-- out: many id text, kind text, attempts int, recipient text, ticket text?, about text, reference text, authority_name text,
--      body_name text, expires_at text, by_on text?,
--      rhythm text, question text, filter jsonb, since bigint, authority_id text?, principal_id text?, failing_since text?, reason text?,
--      state text
select id, kind, attempts, recipient, ticket, about, reference, authority_name, body_name, expires_at, by_on,
       rhythm, question, filter, since, authority_id, principal_id, failing_since, reason, state from mail_due($1, $2)
