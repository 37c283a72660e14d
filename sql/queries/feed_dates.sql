-- feed_dates: the deadlines of all requests that a question means, with what a calendar says of each, the earliest
--   date that runs or was missed first; those that ended more than a month ago are left out.
-- in:  filter jsonb, most int
-- out: many id text, version int, reference text, land text, stamp text, deadlines jsonb
with meant as materialized (
	select followed_subjects($1) as subjects -- looked for once, and not for each request
)
select r.id::text, r.version, r.reference, told_land(n.name, r.land) as land,
       to_char(r.updated_at at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') as stamp, r.deadlines
  from meant as m cross join request as r join request_state as s on s.code = r.state left join asset as n on n.id = r.asset_id
 where (s.is_open or r.updated_at > clock_at() - interval '1 month') and r.published
   and case when m.subjects is null then $1 = '{}' or r.asset_id in (select id from asset_found($1, 'id', null, 200000))
		else r.id = any (m.subjects) end
 order by case when s.is_open then (select min(d ->> 'due_on') from jsonb_array_elements(r.deadlines) as d
				     where d ->> 'state' in ('RUNNING', 'MISSED')) end, r.updated_at desc, r.id
 limit $2
