-- mail_set_back: letters that were put off by a clock that has been set back since wait from now on for as long as they were put off.
-- in:  fence bigint
update mail as m set due_at = clock_at() + (m.due_at - m.due_from), due_from = clock_at()
  from lease as l
 where l.name = 'mail' and l.fence = $1 and m.due_from > clock_at() and m.state = 'WAITING'
