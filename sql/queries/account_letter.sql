-- account_letter: the letter that brings an account's owner a link (functions/0095_account.sql).
-- in:  id text, mail_id text, kind text
-- out: one done bool
select account_letter($1, $2, $3) as done
