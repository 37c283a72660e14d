-- follow_mark: letters for those followers whom something new may concern, and for officers whose week is over: one at a time for
--   each, which finds what there is to tell when it is sent. ids: of the letters. What more there are waits for the next look, and
--   then so does the place up to which was looked. A follower whose letter has yet to arrive is looked at once more after it: nobody knows
--   whether the letter was read before what is new.
-- in:  fence bigint, ids text[], most int
-- out: one? made int, is_all bool   -- no row: the lease is somebody else's
with here as (
	-- While nobody follows anything there is nothing to look at.
	select case when exists (select from follow where kind = 'NEWS' and confirmed_at is not null) then s.position else f.position end as after,
	       f.position as head
	  from follow_state as s, feed_state as f
	 where exists (select from lease as l where l.name = 'mail' and l.fence = $1)
), span as (
	select after, least(head, after + $3) as upto, head from here
), concerned as (
	select array(select distinct k
		from span
		join feed as f on f.position > span.after and f.position <= span.upto
		left join request as r on r.id = f.subject
		left join asset as a on a.id = coalesce(r.asset_id, f.subject)
		cross join lateral unnest(array[f.subject, a.id, f.authority_id, r.authority_id, a.locality_id, a.cpp_id, '*']::text[]) as k
	       where f.is_public and left(f.subject, 4) in ('ast_', 'atr_') and k is not null) as keys
), wanted as (
	select id, kind, rhythm, due_at from follow
	 where kind = 'NEWS' and confirmed_at is not null and keys && (select keys from concerned)
	union
	select id, kind, rhythm, due_at from follow where is_stale
	union
	select id, kind, rhythm, due_at from follow where kind = 'DUE' and confirmed_at is not null and due_at <= clock_at()
), fresh as (
	select w.*, row_number() over (order by w.due_at, w.id) as n
	  from wanted as w
	 where not exists (select from mail as m where m.follow_id = w.id and m.state = 'WAITING')
	 limit cardinality($2) + 1
), kept as materialized (
	-- One that has ended meanwhile is none to write to.
	select id from follow where id = any (array(select id from fresh where n <= cardinality($2))) for key share
), made as (
	-- What waits for an hour of the day waits for that also by a clock that was set back; what waits for minutes, for no more of them.
	insert into mail (id, kind, follow_id, due_at, due_from)
	select ($2)[n], kind, id, greatest(clock_at(), case rhythm when 'DAILY' then follow_next(rhythm, clock_at())
			when 'INSTANT' then least(due_at, follow_next(rhythm, clock_at())) else due_at end),
	       case rhythm when 'INSTANT' then clock_at() else '-infinity' end
	  from fresh join kept using (id), span
	returning follow_id
), waiting as (
	update follow as f set is_stale = true from wanted as w
	 where f.id = w.id and w.kind = 'NEWS' and not f.is_stale
	   and exists (select from mail as m where m.follow_id = w.id and m.state = 'WAITING')
), looked as (
	update follow as f set is_stale = false from made as m where f.id = m.follow_id and f.is_stale
), moved as (
	update follow_state as s set position = span.upto from span
	 where span.upto > s.position and (select count(*) from fresh) <= cardinality($2)
)
select (select count(*) from made)::int as made, (select count(*) from fresh) <= cardinality($2) and upto = head as is_all from span
