-- page_forecast_addresses: the addresses of the forecast that the actor may see and that were not ended, newest first, 200 at most; and
--   the runs and bodies that one may be for.
-- out: one body text
select json_build_object(
	'addresses', (select coalesce(json_agg(json_build_object('id', a.id, 'version', a.version, 'name', a.name, 'question', a.question,
			'is_over', a.expires_at <= clock_at(), 'is_mine', a.principal_id = actor_id(), 'maker', a.maker,
			'expires_on', (a.expires_at at time zone 'Europe/London' - interval '1 second')::date,
			'created_on', (a.created_at at time zone 'Europe/London')::date,
			'used_on', (a.last_used_at at time zone 'Europe/London')::date) order by a.id desc), '[]')
		  from (select f.id, f.version, f.name, f.question, f.expires_at, f.created_at, f.last_used_at, f.principal_id, p.name as maker from forecast_address as f left join principal as p on p.id = f.principal_id
			 where f.revoked_at is null order by f.id desc limit 200) as a),
	'authorities', (select coalesce(json_agg(json_build_object('id', a.id, 'name', a.name) order by a.name, a.id), '[]') from authority as a),
	'runs', (select coalesce(json_agg(json_build_object('id', r.id, 'name', r.name) order by r.id desc), '[]')
		   from (select id, coalesce(name, id::text) as name from projection_run order by id desc limit 50) as r)
       )::text as body
