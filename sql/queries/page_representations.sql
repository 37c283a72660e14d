-- page_representations: a request with what was said of it after a number, as its reader may see that; officers read
--   in the order of numbers what came, everybody what was published.
-- in:  id text, after int, take int
-- out: one? body text
select '{"request":' || q.body
       || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name, b.name as community_body_name,
		     (select a.name from asset as a where a.id = q.asset_id) as asset_name,
		     q.authority_id = any ((select actor_in('estates'))::text[]) or (select actor_everywhere('estates')) as is_officer,
		     q.authority_id = any ((select actor_in('member'))::text[]) or (select actor_everywhere('member')) as is_member,
		     (select count(*) from item_representation as p where p.request_id = q.id) as total_count,
		     (select count(*) from item_representation as p where p.request_id = q.id and p.mark = 'UNREAD') as unread_count
	     ) as x)
       || ',"representations":[' || coalesce((select string_agg(p.body, ',' order by p.number, p.kind desc)
		from (select p.body, p.number, p.kind from item_representation as p
		       where p.request_id = q.id and p.number > $2 order by p.number, p.kind desc limit $3) as p), '')
       || ']}' as body
  from item_request as q
  join authority as o on o.id = q.authority_id
  join community_body as b on b.id = q.community_body_id
 where q.id = $1
