-- page_authority: what an authority has settled and how the 2015 Act reaches it, for its members and operators; and its history, of which
--   `changes` are those to one of the two since a version of it. A change of settings keeps what they became, so what they were stands before it.
-- in:  id text, act text, seen int
-- out: one? version int, settled int, body text
with settled as (
	select 'SETTLE' as act, c.subject_seq, c.type, c.at, c.actor, lag(n.now, 1, '{"second_person":false}') over (order by c.subject_seq) as was, n.now
	  from change as c
	 cross join lateral (select '{"second_person":false}'::jsonb || jsonb_strip_nulls(c.data) as now) as n
	 where c.subject = 'set_' || substr($1, 5)
), told as (
	select s.act, s.subject_seq, s.type, s.at, s.actor, d.before, d.after
	  from settled as s
	 cross join lateral (select jsonb_object_agg(k, s.was -> k) as before, jsonb_object_agg(k, s.now -> k) as after
		from unnest('{second_person,inspect_at,respond_to}'::text[]) as k where (s.was -> k) is distinct from (s.now -> k)) as d
	union all
	select 'RECORD', c.subject_seq, c.type, c.at, c.actor, c.before, case when c.type <> 'authority.created' then c.after end
	  from change as c where c.subject = $1
), named as (
	select t.act, t.subject_seq, t.at, json_build_object('type', t.type, 'changed_at', utc(t.at), 'before', t.before, 'after', t.after,
		'who', case when t.actor = actor_id() then 'You' else coalesce(w.name, 'Somebody else of the authority or the register') end) as one
	  from told as t left join principal as w on w.id = t.actor
)
select u.version, coalesce(s.version, 0) as settled, json_build_object(
	'setting', to_jsonb(s), 'authority', to_jsonb(u) || jsonb_build_object('challenge_route', u.challenge_route_given,
		'duties', (select coalesce(jsonb_agg(jsonb_build_object('schedule', d.schedule, 'from_on', d.from_on, 'to_on', d.to_on)
				order by d.schedule, d.from_on), '[]') from authority_duty as d where d.authority_id = u.id)),
	'route', u.challenge_route,
	'changes', (select coalesce(json_agg(x.one order by x.subject_seq), '[]') from (select * from named as n
			where n.act = $2 and n.subject_seq > $3 order by n.subject_seq limit 50) as x),
	'history', (select coalesce(json_agg(x.one order by x.at desc, x.subject_seq desc), '[]')
		      from (select * from named order by at desc, subject_seq desc limit 50) as x))::text as body
  from authority as u
  left join authority_setting as s on s.authority_id = u.id
 where u.id = $1 and (u.id = any (actor_in('member')) or actor_everywhere('member') or actor_is_operator())
