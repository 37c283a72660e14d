-- report_requests: the cases that a line of a report counts, or all its lines, of the requests that the actor may
--   see, after one.
-- in:  authority_id text, year int, wanted int?, line text?, after_key text?, after_id text?, take int
-- out: many body text, key text, id text
select row_to_json(x)::text as body, k.key, c.event_id as id
  from report_shown($1, $2, $3) as shown
 cross join lateral (select p.line::text, p.request_id::text, p.event_id::text, p.happened_on from report_case as p
			join report_version as v on v.report_id = p.report_id and v.number = p.number
		       where v.authority_id = $1 and v.year = $2 and v.number = shown and shown > 0
		      union all
		      select d.line, d.request_id, d.event_id, d.happened_on from report_cases($1, $2) as d where shown = 0) as c
 cross join lateral (select c.happened_on::text || ' ' || c.line collate "C" as key) as k
  join request as r on r.id = c.request_id
  join community_body as b on b.id = r.community_body_id
  left join asset as a on a.id = r.asset_id
 cross join lateral (
	select c.line, c.request_id, r.reference, c.happened_on as "on", c.event_id, r.kind, r.state, r.received_on, r.validated_on,
	       b.name as community_body_name, coalesce(a.name, r.land ->> 'description') as asset_name, a.area_m2,
	       json_build_object('request', '/v1/requests/' || r.id) as links) as x
 where ($4 is null or c.line = $4) and ($5 is null or (k.key, c.event_id) > ($5, $6))
 order by k.key, c.event_id
 limit $7
