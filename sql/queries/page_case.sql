-- page_case: a case as its officers see it, with the names it speaks of and what of the request has arrived.
-- in:  id text
-- out: one? body text
select '{"case":' || c.body || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name, b.name as community_body_name,
		     coalesce((select a.name from asset as a where a.id = r.asset_id), r.land ->> 'description') as land_name, r.deadlines,
		     (select coalesce(json_agg(json_build_object('code', i.code, 'received_on', i.received_on)), '[]') from request_item as i where i.request_id = r.id) as items,
		     (select max(i.received_on) from request_item as i where i.request_id = r.id) as complete_on,
		     not exists (select from request_item as i where i.request_id = r.id and i.received_on is null) as is_whole,
		     (select coalesce(json_agg(json_build_object('entry_id', e.id, 'event', e.event, 'happened_on', e.happened_on, 'code', e.payload ->> 'code')
				order by coalesce(e.place, e.number), e.number), '[]')
			from request_event as e
		       where e.request_id = r.id and e.superseded_by is null and e.actor_kind <> 'SYSTEM') as entries,
		     'VALIDATE' = any (r.allowed) as may_validate,
		     'REPRESENTATIONS_SENT' = any (r.allowed) as may_copy,
		     'ITEM_RECEIVED' = any (r.allowed) as may_receive,
		     r.allowed && '{EXTEND,EXTEND_CONTRACT}' as may_extend, r.reasons, r.benefits,
		     (select s.is_open from request_state as s where s.code = r.state) as is_open,
		     r.allowed, r.authority_id, r.kind,
		     case when 'DECLINE_REPEAT' = any (r.allowed) then (select json_agg(w.body order by w.number) from request_earlier(r.id) as w) end as earlier,
		     r.published and exists (select from community_body_contact as k where k.community_body_id = r.community_body_id
			and k.authority_id = r.authority_id and k.email is not null) as has_address,
		     (select coalesce(json_agg(json_build_object('id', u.id, 'number', u.number, 'mark', u.mark) order by u.number), '[]')
			from representation as u
		       where u.request_id = r.id and u.kind = 'REPRESENTATION' and u.timing <> 'LATE'
			 and (u.mark = 'UNREAD' or u.mark = 'COUNTED' and u.redacted_text is null)) as unready,
		     (select count(*) from representation as u where u.request_id = r.id and u.copied_at is not null) as copies_count,
		     (select w.deadline ->> 'due_on' from jsonb_array_elements(r.deadlines) with ordinality as w (deadline, n)
		       where w.deadline ->> 'clock' = 'K5' order by w.n desc limit 1) as answer_due_on,
		     (select coalesce(json_agg(json_build_object('id', u.id, 'number', u.number, 'received_on', u.received_on,
				'timing', u.timing, 'text', coalesce(t.text, u.redacted_text)) order by u.number), '[]')
			from (select * from representation as x where x.request_id = r.id and x.kind = 'COMMENTS'
			       order by x.number desc limit 10) as u
			left join representation_original as t on t.representation_id = u.id) as answers,
		     (select coalesce(json_agg(json_build_object('id', n.id, 'code', n.code, 'event_id', n.event_id,
				'variant', n.variant) order by n.number), '[]')
			from notice as n where n.authority_id = r.authority_id and n.request_id = r.id and n.state = 'DRAFT') as drafts,
		     notices_listed(r.id) as notices,
		     -- What notices told that were given before the act is recorded, else what their drafts are to tell.
		     case when r.state = 'VALIDATED' then (select json_build_object('representations_close_on',
				coalesce(max(n.form ->> 'close_on') filter (where n.state = 'ISSUED'), max(n.form ->> 'close_on')))
			from notice as n where n.authority_id = r.authority_id and n.request_id = r.id and n.variant = 'AHEAD' and n.superseded_by is null) end as told,
		     actor_id() as me) as x) || '}' as body
  from item_case as c
  join request as r on r.id = c.id
  join authority as o on o.id = r.authority_id
  join community_body as b on b.id = r.community_body_id
 where c.id = $1
