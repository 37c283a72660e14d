-- lease_take: take or keep a lease; a new holder gets a new fence.
--   By the one clock that all who want it share, whatever those of their machines say. Free is also what ends further
--   ahead than any lease can: that clock was set back.
-- in:  name text, holder text, seconds int
-- out: one? fence bigint   -- no row: somebody else has it
insert into lease as l (name, holder, until)
values ($1, $2, clock_timestamp() + make_interval(secs => $3))
on conflict (name) do update
   set holder = excluded.holder, until = excluded.until,
       fence = l.fence + case when l.holder = excluded.holder then 0 else 1 end
 where l.holder = excluded.holder or l.until < clock_timestamp() or l.until > clock_timestamp() + make_interval(secs => 2 * $3)
returning fence
