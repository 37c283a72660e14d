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
	select distinct on (f.subject) f.position, f.type, f.subject, f.change_at, f.authority_id
	  from (select * from feed where type ~ '^((asset|plan|request)[.]|import[.](applied|undone)$)' order by position desc limit 1000) as f
	 order by f.subject, f.position desc),
-- What a list, or an edit of many, does to entries is done at one moment, and told in one line.
told as (
	select max(l.position) as position, l.type, (array_agg(l.subject order by l.position desc))[1] as subject, l.change_at, l.authority_id,
	       nullif(count(*), 1) as number
	  from latest as l
	 group by l.type, l.change_at, l.authority_id, case when l.type !~ '^asset[.](created|updated|removed)$' then l.subject end)
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
				   coalesce(a.name, r.reference || ' to ' || w.name || ', ' || b.name, u.name) as subject_name,
				   l.number, case when l.number is not null then u.name end as authority_name, l.number = 1000 as is_more
			      from (select t.* from told as t
				     where t.number is null or not exists (select from latest as i where i.change_at = t.change_at
					and i.authority_id = t.authority_id and i.type ~ '^import[.]')
				     order by t.position desc limit 8) as l
			      left join asset as a on a.id = l.subject
			      left join request as r on r.id = l.subject
			      left join community_body as b on b.id = r.community_body_id
			      left join authority as w on w.id = r.authority_id
			      left join import as i on i.id = l.subject
			      left join authority as u on u.id = coalesce(i.authority_id, case when l.number is not null then l.authority_id end)
			     order by l.position desc) as x)
       )::text as body
