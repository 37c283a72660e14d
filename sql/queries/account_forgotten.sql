-- account_forgotten: somebody has forgotten the password of an address, known or not (functions/0095_account.sql).
-- in:  who bytea, email text, mail_id text
-- out: one done bool
select account_forgotten($1, $2, $3) as done
