-- subject_history: the changes of a subject, after one of them, as its reader may see them; or those that were known at a moment, and
--   of a day those that say something of it or of a day before. What a change hides, it hides of then too, and
--   of what was published by it everybody sees what it is from then on, not what it was.
-- in:  subject text, after int, take int, valid_on date?, known_at timestamptz?
-- out: many body text, seq int
select row_to_json(x)::text as body, c.subject_seq as seq
  from change as c
  left join change_money as m on m.change_id = c.id and m.at = c.at
	and (m.readers && actor_in('money') or actor_everywhere('money'))
 cross join lateral (select c.readers && actor_in('member') or actor_everywhere('member') as know) as who
 cross join lateral (select who.know, case when who.know then '{}' else c.hidden end as less) as may
 cross join lateral (select case when may.know or not (c.before @> '{"published": false}') then c.before
	else '{"published": false}' end as shown) as was
 cross join lateral (
	select c.id, c.subject_seq as version, c.type, utc(c.at) as at,
	       case when may.know then case c.actor_kind when 'SYSTEM' then 'SYSTEM' else coalesce(c.actor, c.actor_kind) end
		    else c.actor_kind end as actor,
	       c.reason, coalesce(was.shown - may.less || m.before, was.shown - may.less, m.before) as before,
	       coalesce(c.after - may.less || m.after, c.after - may.less, m.after) as after,
	       c.data - may.less || coalesce(m.data, '{}') as data
       ) as x
 where c.subject = $1 and c.subject_seq > $2
   and ($4::date is null or c.at <= known_by($5) and change_day(c.type, c.at, c.data) <= $4)
 order by c.subject_seq
 limit $3
