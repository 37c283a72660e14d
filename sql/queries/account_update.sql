-- account_update: what an account is at its next version, and the error given when it has moved. Of another address a link that was made
--   for the one before ends. Roles that the actor may not see stay.
-- in:  id text, seen int, fields jsonb, stale int
-- out: one done bool
with moved as (
	update principal set version = version + 1, name = $3 ->> 'name' where id = $1 and version = $2 and closed_at is null
	returning id, authority_id
), said as (
	update account as a set email = $3 ->> 'email', link = null, link_expires_at = null
	  from moved as m where a.principal_id = m.id and a.email <> $3 ->> 'email'
), wanted as (
	select m.authority_id, r as role from moved as m, jsonb_array_elements_text(coalesce($3 -> 'roles', '[]')) as r
	union
	select e.authority_id, e.role from jsonb_to_recordset(coalesce($3 -> 'elsewhere', '[]')) as e (authority_id text, role text)
), gone as (
	delete from principal_role as r using moved as m
	 where r.principal_id = m.id and r.authority_id is not null
	   and not exists (select from wanted as w where w.authority_id = r.authority_id and w.role = r.role)
), added as (
	insert into principal_role (principal_id, authority_id, role)
	select m.id, w.authority_id, w.role from moved as m, wanted as w
	 where not exists (select from principal_role as r where r.principal_id = m.id and r.authority_id = w.authority_id and r.role = w.role)
)
select must((select count(*) from moved) = 1, $4) as done
