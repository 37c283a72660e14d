-- subject_history: the changes of a subject, after one of them, as its reader may see them; or those that were known at a moment, and
--   of a day those that say something of it or of a day before.
-- in:  subject text, after int, take int, valid_on date?, known_at timestamptz?
-- out: many body text, seq int
select c.body::text as body, c.seq
  from change_shown as c
 where c.subject = $1 and c.seq > $2
   and ($4::date is null or c.at <= known_by($5) and change_day(c.type, c.at, c.said) <= $4)
 order by c.seq
 limit $3
