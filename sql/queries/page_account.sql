-- page_account: the browsers that the actor is signed in with, newest first, 50 at most, and which of them is this; and the actor's
--   account where there is one.
-- in:  csrf text?
-- out: one body text
select json_build_object(
	'sessions', (select coalesce(json_agg(json_build_object('is_this', s.csrf is not distinct from $1,
			'began', to_char(s.created_at at time zone 'Europe/London', 'FMDD FMMonth YYYY, HH24:MI'),
			'seen', to_char(s.seen_at at time zone 'Europe/London', 'FMDD FMMonth YYYY, HH24:MI')) order by s.created_at desc), '[]')
		  from (select csrf, created_at, seen_at from page_session
			 where principal_id = actor_id() and expires_at > clock_at() and seen_at > clock_at() - interval '30 minutes'
			 order by created_at desc limit 50) as s),
	'account', (select json_build_object('email', a.email, 'name', p.name, 'factor', a.factor, 'is_on', a.factor_on,
			'codes', (select count(*) from account_recovery as r where r.principal_id = a.principal_id),
			'set', to_char(a.password_set_at at time zone 'Europe/London', 'FMDD FMMonth YYYY'))
		  from account as a join principal as p on p.id = a.principal_id where a.principal_id = actor_id())
       )::text as body
