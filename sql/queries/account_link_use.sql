-- account_link_use: set a password by a link, which it ends.
-- in:  link bytea, password text
-- out: one done bool
select account_link_use($1, $2) as done
