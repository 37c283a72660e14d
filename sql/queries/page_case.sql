-- page_case: a case as its officers see it, with the names it speaks of and what of the request has arrived.
-- in:  id text
-- out: one? body text
select '{"case":' || c.body || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name, b.name as community_body_name,
		     (select coalesce(json_agg(json_build_object('code', i.code, 'received_on', i.received_on)
				order by i.received_on nulls first, i.code), '[]') from request_item as i where i.request_id = r.id) as items,
		     (select max(i.received_on) from request_item as i where i.request_id = r.id) as complete_on,
		     not exists (select from request_item as i where i.request_id = r.id and i.received_on is null) as is_whole,
		     'VALIDATE' = any (r.allowed) as may_validate,
		     r.allowed && '{AGREE,REFUSE}' as may_decide,
		     actor_id() as me) as x) || '}' as body
  from item_case as c
  join request as r on r.id = c.id
  join authority as o on o.id = r.authority_id
  join community_body as b on b.id = r.community_body_id
 where c.id = $1
