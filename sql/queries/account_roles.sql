-- account_roles: what an account may, at home.
-- in:  id text, authority_id text, roles text[]
insert into principal_role (principal_id, authority_id, role) select distinct $1, $2, r from unnest($3) as r
