-- notice_served: recipients that a notice has already were served.
-- in:  notice_id text, served jsonb
-- out: one done bool
with moved as (
	update notice_recipient as p set served_on = x.served_on, manner = coalesce(x.manner, p.manner),
	       recorded_by = actor_id(), recorded_at = clock_at()
	  from jsonb_to_recordset($2) as x (number int, served_on date, manner text)
	 where p.notice_id = $1 and p.number = x.number
	returning p.number
)
select must((select count(*) from moved) = jsonb_array_length($2), 40) as done
