-- authority_duties_put: the duties of an authority that has none.
-- in:  authority_id text, duties jsonb
insert into authority_duty (authority_id, schedule, from_on, to_on)
select $1, d.schedule, d.from_on, d.to_on
  from jsonb_to_recordset($2) as d (schedule int, from_on date, to_on date)
