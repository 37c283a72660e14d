-- page_request_at: page_request as it was true on a day and known at a moment (functions/0062_as_at.sql).
-- in:  id text, valid_on date, known_at timestamptz?
-- out: one? version int, body text
select q.version,
       '{"request":' || q.body
       || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name, b.name as community_body_name,
		     (select f.body ->> 'name' from fact as f where f.subject = r.asset_id and f.part = 'asset' and f.valid @> $2
			 and f.known @> known_by($3)) as asset_name,
		     (select coalesce(json_agg(json_build_object('event', e.event, 'happened_on', e.happened_on, 'code', e.payload ->> 'code')
				order by e.happened_on, e.number), '[]')
			from request_event as e
			left join request_event as later on later.id = e.superseded_by
		       where e.request_id = q.id and e.happened_on <= $2 and e.recorded_at <= known_by($3)
			 and (later.id is null or later.recorded_at > known_by($3))) as timeline,
		     (select coalesce(json_agg(c.body order by c.number), '[]') from request_competing_at($1, $2, known_by($3)) as c) as competing,
		     case when may.is_checking then
			(select coalesce(json_agg(e.body order by e.number), '[]') from request_earlier_at($1, $2, known_by($3)) as e) end as earlier,
		     may.is_checking,
		     (select coalesce(json_agg(json_build_object('notice_id', n.id, 'notice_title', n.body::json -> 'content' ->> 'title',
				'dated_on', n.body::json ->> 'dated_on', 'superseded_by', n.body::json ->> 'superseded_by') order by n.number), '[]')
			from notice_items_at($1, $2, known_by($3)) as n) as notices,
		     exists (select from item_case as c where c.id = q.id) as has_case) as x)
       || '}' as body
  from request_items_at(array[$1], $2, known_by($3)) as q
  join request as r on r.id = q.id
  join authority as o on o.id = r.authority_id
  join community_body as b on b.id = r.community_body_id
 cross join lateral (select q.body::json ->> 'state' in ('RECEIVED', 'INCOMPLETE') and (r.authority_id = any ((select actor_in('estates'))::text[])
	or (select actor_everywhere('estates'))) as is_checking) as may
