-- account_load: an account before it is changed. is_beyond: it has rights that the actor could not give; is_own: it is the actor's.
-- in:  id text
-- out: one? authority_id text?, version int, gone bool, is_beyond bool, is_own bool, fields jsonb   -- no row: none that the actor may know of
select p.authority_id, p.version, p.closed_at is not null as gone, account_is_beyond(p.id) as is_beyond, p.id = actor_id() as is_own,
       jsonb_build_object('authority_id', p.authority_id, 'name', p.name, 'email', a.email,
	'roles', (select coalesce(jsonb_agg(r.role order by r.role), '[]') from principal_role as r
		   where r.principal_id = p.id and r.authority_id = p.authority_id),
	'elsewhere', (select coalesce(jsonb_agg(jsonb_build_object('authority_id', r.authority_id, 'role', r.role) order by r.authority_id, r.role), '[]')
		   from principal_role as r where r.principal_id = p.id and r.authority_id <> p.authority_id)) as fields
  from account as a join principal as p on p.id = a.principal_id where a.principal_id = $1
