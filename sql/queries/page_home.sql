-- page_home: the next dates and the latest changes.
-- out: one body text
with closing as (
	select r.id, r.authority_id, r.asset_id, r.land, r.community_body_id, d
	  from request as r
	  join request_state as s on s.code = r.state and s.is_open
	 cross join jsonb_array_elements(r.deadlines) as d
	 where d ->> 'state' = 'RUNNING'
	 order by d ->> 'due_on', r.id
	 limit 6),
latest as (
	select distinct on (f.subject) f.position, f.type, f.subject, f.change_at
	  from (select * from feed where type ~ '^((asset|plan|request)[.]|import[.](applied|undone)$)' order by position desc limit 100) as f
	 order by f.subject, f.position desc)
select json_build_object(
	'pairs', case when actor_id() is null then '[]' else (select coalesce(json_agg(x order by x.name), '[]')
		      from (select u.id, u.name, count(*) as number
			      from land_pair as p join authority as u on u.id in (p.authority_id, p.foreign_authority_id)
			     where p.state = 'PROPOSED' and (u.id = any (actor_in('estates')) or actor_everywhere('estates'))
			     group by u.id, u.name limit 20) as x) end,
	'settings', case when actor_id() is null then '[]' else (select coalesce(json_agg(x order by x.name), '[]')
		      from (select u.id, u.name from authority as u
			     where u.id = any (actor_in('admin')) or actor_everywhere('admin') or actor_is_operator()
			     order by u.name limit 400) as x) end,
	'money', case when actor_id() is null then '[]' else (select coalesce(json_agg(x order by x.name), '[]')
		      from (select u.id, u.name from authority as u
			     where u.id = any (actor_in('money')) order by u.name limit 20) as x) end,
	'closing', (select coalesce(json_agg(json_build_object('id', c.id, 'due_on', c.d ->> 'due_on',
				'name', c.d ->> 'name', 'whose', c.d ->> 'whose', 'community_body_name', b.name,
				'asset_name', coalesce(a.name, c.land ->> 'description')) order by c.d ->> 'due_on', c.id), '[]')
		      from closing as c
		      join community_body as b on b.id = c.community_body_id
		      left join asset as a on a.id = c.asset_id),
	'changed', (select coalesce(json_agg(x order by x.position desc), '[]')
		      from (select l.position, l.type, l.subject, utc(l.change_at) as occurred_at,
				   case when a.removed_at is null and a.id is not null then '/assets/' || a.id
					when r.id is not null then '/requests/' || r.id
					when i.id is not null then '/imports/' || i.id end as href,
				   coalesce(a.name, r.reference || ', ' || b.name, u.name) as subject_name
			      from latest as l
			      left join asset as a on a.id = l.subject
			      left join request as r on r.id = l.subject
			      left join community_body as b on b.id = r.community_body_id
			      left join import as i on i.id = l.subject
			      left join authority as u on u.id = i.authority_id
			     order by l.position desc limit 8) as x)
       )::text as body
