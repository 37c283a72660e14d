-- page_requests: requests that are open, or all of them, the next date first, a page of them.
--   A request without a running date comes last, as if it were due in the year 9999.
-- in:  is_all bool, authority_id text?, after_due text?, after_id text?, rows int
-- out: many body text, due text, id text
select '{"authority_name":' || to_json(o.name)::text || ',"community_body_name":' || to_json(b.name)::text
       || ',"asset_name":' || to_json(coalesce(a.name, r.land ->> 'description', ''))::text
       || ',"id":' || to_json(r.id)::text || ',"reference":' || to_json(r.reference)::text
       || ',"state":' || to_json(r.state)::text || ',"received_on":' || coalesce(to_json(r.received_on)::text, 'null')
       || ',"deadlines":' || r.deadlines::text || '}' as body, n.due, r.id
  from request as r
  join request_state as s on s.code = r.state
  join authority as o on o.id = r.authority_id
  join community_body as b on b.id = r.community_body_id
  left join asset as a on a.id = r.asset_id
 cross join lateral (
	select coalesce(min(d ->> 'due_on') filter (where d ->> 'state' = 'RUNNING'), '9999') collate "C" as due
	  from jsonb_array_elements(r.deadlines) as d) as n
 where ($1 or s.is_open)
   and ($2 is null or r.authority_id = $2)
   and ($3 is null or (n.due, r.id) > ($3, $4))
 order by n.due, r.id
 limit $5
