-- authority_load: an authority before it is changed.
-- in:  id text
-- out: one? version int, fields jsonb
select a.version, to_jsonb(a) || jsonb_build_object('challenge_route', a.challenge_route_given,
	'duties', (select jsonb_agg(jsonb_build_object('schedule', d.schedule, 'from_on', d.from_on, 'to_on', d.to_on)
			order by d.schedule, d.from_on) from authority_duty as d where d.authority_id = a.id)) as fields
  from authority as a where a.id = $1
