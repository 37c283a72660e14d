-- case_file: what the whole file of a request begins with: the request, names it speaks of, where the feed stood.
-- in:  id text
-- out: one? version int, reference text, authority_id text, updated_on date, position bigint, is_member bool, body text
select q.version, r.reference, r.authority_id::text, (r.updated_at at time zone 'UTC')::date as updated_on,
       (select position from feed_state) as position,
       r.authority_id = any (actor_in('member')) or actor_everywhere('member') as is_member,
       '{"request":' || q.body
       || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name, b.name as community_body_name,
		     (select a.name from asset as a where a.id = q.asset_id) as asset_name) as x)
       || '}' as body
  from item_request as q
  join request as r on r.id = q.id
  join authority as o on o.id = r.authority_id
  join community_body as b on b.id = r.community_body_id
 where q.id = $1
