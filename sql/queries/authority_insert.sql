-- authority_insert: a new authority with its duties.
-- in:  id text, fields jsonb
with made as (
	insert into authority (id, name, name_gd, kind, code, challenge_route_given)
	select $1, x.name, x.name_gd, x.kind, x.code, $2 ->> 'challenge_route'
	  from jsonb_populate_record(null::authority, $2) as x
	returning id
)
insert into authority_duty (authority_id, schedule, from_on, to_on)
select made.id, d.schedule, d.from_on, d.to_on
  from made, jsonb_to_recordset(coalesce($2 -> 'duties', '[]')) as d (schedule int, from_on date, to_on date)
