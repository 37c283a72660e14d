-- page_case_at: page_case as it was on a day and known at a moment, to look at.
-- in:  id text, valid_on date, known_at timestamptz?
-- out: one? body text
select '{"case":' || c.body || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name, b.name as community_body_name,
		     coalesce((select a.name from asset as a where a.id = r.asset_id), r.land ->> 'description') as land_name,
		     q.body::json -> 'deadlines' as deadlines, q.body::json -> 'items' as items,
		     (select coalesce(json_agg(json_build_object('event', e.event, 'happened_on', e.happened_on, 'code', e.payload ->> 'code')
				order by coalesce(e.place, e.number), e.number), '[]')
			from request_event as e
			left join request_event as later on later.id = e.superseded_by and later.recorded_at <= known_by($3)
		       where e.request_id = r.id and e.happened_on <= $2 and e.recorded_at <= known_by($3) and later.id is null
			 and e.actor_kind <> 'SYSTEM') as entries,
		     (select coalesce(json_agg(json_build_object('notice_id', n.id, 'code', n.code, 'notice_title', n.body::json -> 'content' ->> 'title',
				'notice_state', n.body::json ->> 'state', 'dated_on', n.body::json ->> 'dated_on', 'superseded_by', n.body::json ->> 'superseded_by')
				order by n.number), '[]')
			from notice_items_at($1, $2, known_by($3)) as n) as notices,
		     'VALIDATE' = any (array(select json_array_elements_text(q.body::json -> 'allowed'))) as may_validate) as x) || '}' as body
  from case_item_at($1, $2, known_by($3)) as c
 cross join request_items_at(array[$1], $2, known_by($3)) as q
  join request as r on r.id = q.id
  join authority as o on o.id = r.authority_id
  join community_body as b on b.id = r.community_body_id
