-- page_notice: one notice as its reader may see it, with the names it speaks of; or as it was on a day as known at a moment.
-- in:  request_id text, id text, valid_on date?, known_at timestamptz?
-- out: one? version int, authority_id text, body text
select n.version, r.authority_id::text,
       '{"notice":' || n.body || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name, b.name as community_body_name, r.reference, r.id as request_id, r.state = 'VALIDATED' as is_validated,
		     (select s.number from notice as s where s.id = n.body::json ->> 'superseded_by') as superseded_number,
		     r.authority_id = any ((select actor_in('member'))::text[]) or (select actor_everywhere('member')) as is_member) as x)
       || '}' as body
  from (select i.id::text, i.version, i.request_id::text, i.body from item_notice as i
	 where i.id = $2 and i.request_id = $1 and $3::date is null
	union all
	select i.id, i.version, i.request_id, i.body from notice_items_at($1, $3, known_by($4)) as i where i.id = $2 and $3 is not null) as n
  join request as r on r.id = n.request_id
  join authority as o on o.id = r.authority_id
  join community_body as b on b.id = r.community_body_id
