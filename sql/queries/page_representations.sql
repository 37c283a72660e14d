-- page_representations: a request with what was said of it after a number, as its reader may see that; officers read
--   in the order of numbers what came, everybody what was published; or as it was on a day as known at a moment, and what had
--   arrived and was recorded by then, as it may be read today.
-- in:  id text, after int, take int, valid_on date?, known_at timestamptz?
-- out: one? body text
select '{"request":' || q.body
       || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name, b.name as community_body_name,
		     (select a.name from asset as a where a.id = q.asset_id) as asset_name,
		     $4::date is null and (q.authority_id = any ((select actor_in('estates'))::text[])
			or (select actor_everywhere('estates'))) as is_officer,
		     q.authority_id = any ((select actor_in('member'))::text[]) or (select actor_everywhere('member')) as is_member,
		     (select count(*) from item_representation as p where p.request_id = q.id) as total_count,
		     (select count(*) from item_representation as p where p.request_id = q.id and p.mark = 'UNREAD') as unread_count
	     ) as x)
       || ',"representations":[' || coalesce((select string_agg(p.body, ',' order by p.number, p.kind desc)
		from (select p.body, p.number, p.kind from item_representation as p
		       where p.request_id = q.id and p.number > $2
			 and ($4 is null or p.received_on <= $4 and p.created_at <= known_by($5))
		       order by p.number, p.kind desc limit $3) as p), '')
       || ']}' as body
  from (select i.id::text, i.authority_id::text, i.asset_id::text, i.community_body_id::text, i.body from item_request as i
	 where i.id = $1 and $4 is null
	union all
	select r.id::text, r.authority_id::text, i.body::json ->> 'asset_id', r.community_body_id::text, i.body
	  from request_items_at(array[$1], $4, known_by($5)) as i join request as r on r.id = i.id where $4 is not null) as q
  join authority as o on o.id = q.authority_id
  join community_body as b on b.id = q.community_body_id
