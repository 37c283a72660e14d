-- account_load: whose account it is, and which version.
-- in:  id text
-- out: one? authority_id text?, version int, gone bool   -- no row: none that the actor may know of
select p.authority_id, p.version, p.closed_at is not null as gone
  from account as a join principal as p on p.id = a.principal_id where a.principal_id = $1
