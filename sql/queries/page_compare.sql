-- page_compare: what forecasts beside each other are chosen from, as the actor may know of them: the newest runs with
--   those that were chosen, bodies with entries, and for a scenario one asset with its plan and its open requests.
-- in:  chosen text[], asset_id text?
-- out: one body text
select json_build_object(
	'runs', run_choices($1),
	'authorities', (select coalesce(json_agg(json_build_object('id', a.id, 'name', a.name) order by a.name, a.id), '[]')
			  from authority as a
			 where exists (select from asset as x where x.authority_id = a.id and x.removed_at is null)),
	'asset', (select json_build_object('id', a.id, 'name', a.name, 'authority_id', a.authority_id,
			'plan', (select json_build_object('method', p.method, 'planned_on', p.planned_on) from disposal_plan as p
				  where p.asset_id = a.id and p.method <> 'NONE'),
			'requests', (select coalesce(json_agg(json_build_object('id', r.id, 'name', coalesce(r.reference, '') || ' '
						|| b.name) order by r.created_at, r.id), '[]')
				   from request as r join community_body as b on b.id = r.community_body_id
				   join request_state as s on s.code = r.state and s.model_state is not null
				  where r.asset_id = a.id))
		    from asset as a where a.id = $2 and a.removed_at is null)
       )::text as body
