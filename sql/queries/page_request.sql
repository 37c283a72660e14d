-- page_request: one request with the names it speaks of and what has happened to it.
-- in:  id text
-- out: one? version int, body text
select q.version,
       '{"request":' || q.body
       || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name, b.name as community_body_name,
		     (select a.name from asset as a where a.id = q.asset_id) as asset_name,
		     (select coalesce(json_agg(d.body::json order by d.received_on, d.id), '[]')
			from item_document as d where d.request_id = q.id and d.state = 'STORED') as documents,
		     (select coalesce(json_agg(c.body order by c.number), '[]') from request_competing(q.id) as c) as competing,
		     case when may.is_officer and q.state in ('RECEIVED', 'INCOMPLETE') then
			(select coalesce(json_agg(e.body order by e.number), '[]') from request_earlier(q.id) as e) end as earlier,
		     may.is_officer and q.state in ('RECEIVED', 'INCOMPLETE') as is_checking,
		     may.is_officer and q.is_open and q.asset_id is null as may_link,
		     (select coalesce(json_agg(json_build_object('event', e.event, 'happened_on', e.happened_on, 'code', e.payload ->> 'code')
				order by e.happened_on, e.number), '[]')
			from request_event as e where e.request_id = q.id and e.superseded_by is null) as timeline,
		     (select coalesce(json_agg(json_build_object('notice_id', n.id, 'notice_title', n.body::json -> 'content' ->> 'title',
				'dated_on', n.body::json ->> 'dated_on', 'superseded_by', n.body::json ->> 'superseded_by') order by n.number), '[]')
			from item_notice as n where n.request_id = q.id) as notices,
		     exists (select from item_case as c where c.id = q.id) as has_case) as x)
       || '}' as body
  from item_request as q
  join authority as o on o.id = q.authority_id
  join community_body as b on b.id = q.community_body_id
 cross join lateral (select q.authority_id = any ((select actor_in('estates'))::text[])
	or (select actor_everywhere('estates')) as is_officer) as may
 where q.id = $1
