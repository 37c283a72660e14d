-- mail_tried: what came of an attempt, by the holder of the lease with that fence: SENT, DEAD, or WAITING until a moment.
--   A letter that was made as new meanwhile (functions/0095_account.sql) has not failed by what came of the attempt before.
-- in:  fence bigint, id text, state text, wait_ms bigint, error text?, attempt int
update mail as m
   set state = $3::text, attempts = m.attempts + 1, error = $5,
       ticket = case when $3::text = 'WAITING' then m.ticket end,
       due_at = clock_at() + $4 * interval '1 millisecond', due_from = clock_at(),
       ended_at = case when $3::text <> 'WAITING' then clock_at() end
 where m.id = $2 and m.state = 'WAITING' and ($3::text = 'SENT' or m.attempts = $6 - 1)
   and exists (select from lease as l where l.name = 'mail' and l.fence = $1)
