-- account_link_find: whose password a link sets, by the hash of its token.
-- in:  link bytea
-- out: one? name text, email text
select name, email from account_link($1)
