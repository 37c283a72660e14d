-- request_deadlines: the deadlines of a request, with what a calendar says of each; also as they were true on a day and known
--   at a moment.
-- in:  id text, valid_on date?, known_at timestamptz?
-- out: one? version int, reference text, land text, stamp text, deadlines jsonb
select r.version, r.reference, told_land(a.name, r.land) as land,
       to_char(r.updated_at at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') as stamp, r.deadlines
  from request as r left join asset as a on a.id = r.asset_id where r.id = $1 and $2::date is null
union all
select h.version, q.reference, told_land(a.name, (q.was).land),
       to_char(h.last at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'), q.deadlines
  from request_rows_at(array[$1], $2, known_by($3)) as q
  left join asset as a on a.id = q.asset_id
 cross join lateral (
	select coalesce(max(c.subject_seq), 1) as version, coalesce(max(c.at), q.created_at) as last
	  from change as c where c.subject = q.id and c.at <= known_by($3)) as h
 where $2 is not null
