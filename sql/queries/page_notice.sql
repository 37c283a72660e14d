-- page_notice: one notice as its reader may see it, with the names it speaks of.
-- in:  request_id text, id text
-- out: one? version int, authority_id text, body text
select n.version, n.authority_id::text,
       '{"notice":' || n.body || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name, b.name as community_body_name, r.reference, r.id as request_id,
		     (select s.number from notice as s where s.id = (select t.superseded_by from notice as t where t.id = n.id)) as superseded_number,
		     n.authority_id = any ((select actor_in('member'))::text[]) or (select actor_everywhere('member')) as is_member) as x)
       || '}' as body
  from item_notice as n
  join request as r on r.id = n.request_id
  join authority as o on o.id = r.authority_id
  join community_body as b on b.id = r.community_body_id
 where n.id = $2 and n.request_id = $1
