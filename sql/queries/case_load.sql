-- case_load: a request whose case is dealt with, and whether somebody may deal with it.
-- in:  id text, principal_id text?
-- out: one? version int, authority_id text, has_principal bool
select r.version, r.authority_id::text, exists (select from colleagues(r.authority_id) as c where c.id = $2) as has_principal
  from request as r where r.id = $1
