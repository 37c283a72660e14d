-- account_make: the principal of an account, at home in an authority.
-- in:  id text, authority_id text, name text
insert into principal (id, authority_id, name) values ($1, $2, $3)
