-- page_key: a key of the actor's or of somebody whom the actor looks after, and what was done with it.
-- in:  id text
-- out: one? gone bool, is_own bool, body text   -- no row: none that the actor may know of
select k.revoked_at is not null or p.closed_at is not null as gone, k.principal_id = actor_id() as is_own, json_build_object(
	'key', json_build_object('id', k.id, 'version', k.version, 'name', k.name, 'prefix', k.prefix, 'owner', p.name, 'authority_name', u.name,
		'is_over', coalesce(k.expires_at <= clock_at(), false), 'expires_on', (k.expires_at at time zone 'Europe/London' - interval '1 second')::date,
		'used_on', (k.last_used_at at time zone 'Europe/London')::date, 'may_rotate', not k.scopes && '{keys:write,*}',
		'scopes', (select coalesce(json_agg(json_build_object('key_scope', s) order by s), '[]') from unnest(k.scopes) as s)),
	'history', (select coalesce(json_agg(json_build_object('changed_at', utc(a.at), 'key_act', a.act, 'reason', a.reason,
				'name_was', a.before -> 'name', 'was_on', a.before -> 'expires_on', 'next', a.after -> 'next',
				'who', case when a.actor = actor_id() then 'You' else coalesce(w.name, 'Somebody who runs the register') end) order by a.version desc), '[]')
		      from (select * from key_act where key_id = $1 order by version desc limit 100) as a left join principal as w on w.id = a.actor))::text as body
  from api_key as k
  join principal as p on p.id = k.principal_id
  left join authority as u on u.id = p.authority_id
 where k.id = $1 and k.prefix not like 'account\_%'
