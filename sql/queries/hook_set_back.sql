-- hook_set_back: what was put off by a clock that has been set back since waits from now on for as long as it was put off.
-- in:  fence bigint
update webhook_retry as r set due_at = clock_at() + (r.due_at - r.due_from), due_from = clock_at()
  from lease as l
 where l.name = 'hooks' and l.fence = $1 and r.due_from > clock_at() and r.due_at < 'infinity'
