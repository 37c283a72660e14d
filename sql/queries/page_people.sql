-- page_people: people whom the actor looks after, by name, after one of them: those in whose name or address each word stands, of one
--   authority or of all.
-- in:  words text?, authority_id text?, after_name text?, after_id text?, take int
-- out: many body text, name text, id text
select row_to_json(x)::text as body, x.name, x.id::text
  from (select p.id, p.name, a.email, u.name as authority_name, account_state(a.password_set_at, a.link_expires_at) as account_state,
	       (select coalesce(json_agg(json_build_object('role', r.role) order by r.role), '[]') from principal_role as r
		 where r.principal_id = p.id and r.authority_id = p.authority_id) as roles,
	       exists (select from principal_role as r where r.principal_id = p.id and r.authority_id is distinct from p.authority_id) as is_elsewhere
	  from account as a
	  join principal as p on p.id = a.principal_id
	  left join authority as u on u.id = p.authority_id
	 where not a.is_closed and (p.authority_id = any (actor_in('admin')) or actor_everywhere('admin') or actor_is_operator())
	   and ($1::text is null or plain(p.name || ' ' || a.email) like all (word_patterns($1))) and ($2::text is null or p.authority_id = $2)
	   and ($4::text is null or (p.name, p.id::text) > ($3, $4))
	 order by p.name, p.id::text
	 limit $5) as x
