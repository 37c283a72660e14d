-- account_out: end an account's SESSIONS, or its second FACTOR (functions/0095_account.sql).
-- in:  id text, what text
-- out: one done bool
select account_out($1, $2) as done
