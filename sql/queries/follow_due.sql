-- follow_due: what is due within so many days or overdue in an authority, for one of its people: requests with a date that runs or a
--   duty that was missed, the earliest first. is_member: whoever asks still belongs to it.
-- in:  authority_id text, days int, most int
-- out: many is_member bool, subject text?, about text?
select $1 = any (actor_in('member')) or actor_everywhere('member') as is_member, r.id::text as subject, followed_about(r.id)::text as about
  from (values (1)) as once
  left join lateral (
	select w.id, (select min(d ->> 'due_on') from jsonb_array_elements(w.deadlines) as d
			where d ->> 'state' in ('RUNNING', 'MISSED') and d ->> 'whose' in ('AUTHORITY', 'BOTH')) as due
	  from request as w join request_state as s on s.code = w.state
	 where w.authority_id = $1 and s.is_open and ($1 = any (actor_in('member')) or actor_everywhere('member'))
	   and exists (select from jsonb_array_elements(w.deadlines) as d
		where (d ->> 'state' = 'RUNNING' and d ->> 'due_on' <= (clock_day() + $2)::text
		       or d ->> 'state' = 'MISSED') and d ->> 'whose' in ('AUTHORITY', 'BOTH'))
	 order by due, w.id limit $3) as r on true
 order by r.due, r.id
