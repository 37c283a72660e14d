-- lease_take: take or keep a lease; a new holder gets a new fence.
--   Free is also what ends further ahead than any lease can: its holder's clock was wrong.
-- in:  name text, holder text, seconds int
-- out: one? fence bigint   -- no row: somebody else has it
insert into lease as l (name, holder, until)
values ($1, $2, clock_at() + make_interval(secs => $3))
on conflict (name) do update
   set holder = excluded.holder, until = excluded.until,
       fence = l.fence + case when l.holder = excluded.holder then 0 else 1 end
 where l.holder = excluded.holder or l.until < clock_at() or l.until > clock_at() + make_interval(secs => 2 * $3)
returning fence
