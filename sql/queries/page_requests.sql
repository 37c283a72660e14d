-- page_requests: requests that are open, or all of them, or those due by a day or overdue, the next date first, a page of
--   them; now or as they were on a day as known at a moment.
--   A request without a date comes last, as if it were due in the year 9999. council: in whose area (functions/0066_spot.sql).
-- in:  show text, authority_id text?, council text?, after_due text?, after_id text?, rows int, today date, valid_on date?, known_at timestamptz?
-- out: many body text, due text, id text
with q as (
	select r.id::text, r.reference, r.state::text, r.received_on, r.deadlines, r.authority_id::text, r.asset_id::text,
	       r.community_body_id::text, r.land, null::text as name_then
	  from request as r where $8::date is null and ($2 is null or r.authority_id = $2)
	union all
	select r.id, r.reference, r.state, r.received_on, r.deadlines, r.authority_id, r.asset_id, r.community_body_id, (r.was).land,
	       (select f.body ->> 'name' from fact as f where f.subject = r.asset_id and f.part = 'asset' and f.valid @> $8 and f.known @> known_by($9))
	  from request_rows_at(case when $2 is not null then array(select x.id::text from request as x where x.authority_id = $2) end, $8,
		known_by($9)) as r where $8 is not null
)
select '{"authority_name":' || to_json(o.name)::text || ',"community_body_name":' || to_json(b.name)::text
       || ',"asset_name":' || to_json(coalesce(q.name_then, a.name, q.land ->> 'description', ''))::text
       || ',"id":' || to_json(q.id)::text || ',"reference":' || to_json(q.reference)::text
       || ',"state":' || to_json(q.state)::text || ',"received_on":' || coalesce(to_json(q.received_on)::text, 'null')
       || ',"deadlines":' || q.deadlines::text || '}' as body, n.due, q.id
  from q
  join request_state as s on s.code = q.state
  join authority as o on o.id = q.authority_id
  join community_body as b on b.id = q.community_body_id
  left join asset as a on a.id = q.asset_id
 cross join lateral (
	select coalesce(next_due(q.state, q.deadlines, $7), '9999') collate "C" as due,
	       coalesce(bool_or(d ->> 'state' = 'RUNNING' and (d ->> 'due_on')::date between $7 and $7 + 14), false) as is_soon,
	       coalesce(bool_or(d ->> 'state' = 'RUNNING' and (d ->> 'due_on')::date < $7
			or d ->> 'state' = 'MISSED' and d ->> 'whose' = 'AUTHORITY'), false) as is_overdue
	  from jsonb_array_elements(q.deadlines) as d) as n
 where case $1 when 'all' then true when 'soon' then s.is_open and n.is_soon when 'overdue' then s.is_open and n.is_overdue
	else s.is_open end
   and ($3 is null or request_council(q.asset_id, q.authority_id) = $3)
   and ($4 is null or (n.due, q.id) > ($4, $5))
 order by n.due, q.id
 limit $6
