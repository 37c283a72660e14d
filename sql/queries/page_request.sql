-- page_request: one request with the names it speaks of and what has happened to it.
-- in:  id text
-- out: one? version int, body text
select q.version,
       '{"request":' || q.body
       || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name, b.name as community_body_name,
		     (select a.name from asset as a where a.id = q.asset_id) as asset_name,
		     (select coalesce(json_agg(json_build_object('event', e.event, 'happened_on', e.happened_on)
				order by e.happened_on, e.number), '[]')
			from request_event as e where e.request_id = q.id and e.superseded_by is null) as timeline) as x)
       || '}' as body
  from item_request as q
  join authority as o on o.id = q.authority_id
  join community_body as b on b.id = q.community_body_id
 where q.id = $1
