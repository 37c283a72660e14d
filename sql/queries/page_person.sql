-- page_person: somebody whom the actor looks after, what was done to their account, and what of that came after a version of it.
-- in:  id text, seen int
-- out: one? version int, gone bool, is_own bool, is_beyond bool, body text
with told as (
	select t.version, t.at, json_build_object('changed_at', utc(t.at), 'account_act', t.act, 'reason', t.reason, 'before', t.before, 'after', t.after,
		'who', case when t.actor = actor_id() then 'You' else coalesce(w.name, 'Somebody who runs the register') end) as one
	  from account_act as t left join principal as w on w.id = t.actor
	 where t.principal_id = $1
)
select p.version, p.closed_at is not null as gone, p.id = actor_id() as is_own, account_is_beyond(p.id) as is_beyond, json_build_object(
	'person', json_build_object('id', p.id, 'name', p.name, 'email', a.email, 'authority_id', p.authority_id, 'authority_name', u.name,
		'account_state', account_state(a.password_set_at, a.link_expires_at), 'made_at', utc(p.created_at), 'factor_on', a.factor_on,
		'link_at', case when a.link_expires_at > clock_at() then utc(a.link_expires_at) end, 'browsers_count', account_browsers(p.id)),
	'roles', (select coalesce(json_agg(r.role order by r.role), '[]') from principal_role as r
		   where r.principal_id = p.id and r.authority_id = p.authority_id),
	'elsewhere', (select coalesce(json_agg(json_build_object('authority_id', r.authority_id, 'role', r.role, 'name', o.name)
				order by o.name, r.authority_id, r.role), '[]')
		   from principal_role as r join authority as o on o.id = r.authority_id
		  where r.principal_id = p.id and r.authority_id <> p.authority_id),
	'letter', (select json_build_object('letter_state', m.state, 'ended_at', utc(m.ended_at)) from mail as m
		    where m.account_id = p.id order by m.id desc limit 1),
	'changes', (select coalesce(json_agg(t.one order by t.version), '[]') from (select * from told where version > $2 order by version limit 50) as t),
	'history', (select coalesce(json_agg(t.one order by t.version desc), '[]')
		      from (select * from told order by version desc limit 100) as t))::text as body
  from account as a
  join principal as p on p.id = a.principal_id
  left join authority as u on u.id = p.authority_id
 where p.id = $1 and (p.authority_id = any (actor_in('admin')) or actor_everywhere('admin') or actor_is_operator())
