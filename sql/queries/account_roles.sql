-- account_roles: what a new account may, at home and elsewhere: [{authority_id, role}].
-- in:  id text, authority_id text, roles text[], elsewhere jsonb
insert into principal_role (principal_id, authority_id, role)
select $1, $2, r from unnest($3) as r
union
select $1, e.authority_id, e.role from jsonb_to_recordset($4) as e (authority_id text, role text)
