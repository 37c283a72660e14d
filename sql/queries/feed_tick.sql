-- feed_tick: give the next positions to what has been committed, each subject in its own order.
--   A look sees every change from from_xid on (null: from where the last full look ended) whose
--   transaction is below the oldest one still under way, so none that it has passed can come
--   later. A change whose predecessor is committed but not yet below that line is held, and told
--   when that is; one that has no predecessor anywhere is told at once. since chooses partitions: a full look takes all of them. It also takes transactions that
--   have yet to come: they are of the cluster that this register was restored from.
--   `offset 0` keeps each question about one row a probe of an index: as a join, planned without
--   knowing how few rows there are, it would read the whole feed in every tick. Each asks for one row by all of
--   its key, and none for the newest of a subject: planned while the feed is empty, that reads all there is of it.
-- in:  fence bigint, from_xid xid8?, since timestamptz, held text[], most int, is_full bool
-- out: one? position bigint, given int, held text[], held_count int, waiting_ms bigint,
--      next_xid xid8, is_all bool, is_sound bool,   -- nothing left below; nobody else moved it
--      horizon xid8                                 -- no row: the lease is somebody else's
with here as (
	select s.position, coalesce($2, case when s.floor <= now.above then s.floor else '0' end) as floor,
	       now.horizon, now.above
	  from feed_state as s
	  join lease as l on l.name = 'feed' and l.fence = $1
	 cross join (select pg_snapshot_xmin(pg_current_snapshot()) as horizon,
			    pg_snapshot_xmax(pg_current_snapshot()) as above) as now
), fresh as materialized (
	select c.id, c.xid, c.at, c.authority_id, c.readers, c.is_public, c.type, c.subject, c.subject_seq
	  from change as c
	 where c.xid >= (select floor from here) and c.at >= $3
	   and (c.xid < (select horizon from here) or $6 and c.xid >= (select above from here))
	   and not exists (select from feed as f where f.change_id = c.id offset 0)
	 order by c.xid, c.id
	 limit $5
), waiting as (
	select * from fresh
	union all
	select c.id, c.xid, c.at, c.authority_id, c.readers, c.is_public, c.type, c.subject, c.subject_seq
	  from unnest($4::text[]) as h (id)
	 cross join lateral (select * from change as c where c.id = h.id and c.at >= $3 offset 0) as c
	 where c.xid < (select floor from here) and not exists (select from feed as f where f.change_id = c.id offset 0)
), numbered as (
	select w.*, lag(w.subject_seq) over so_far as previous,
	       max(w.xid::text::bigint) over so_far as last_xid, max(w.id::text) over so_far as last_id
	  from waiting as w
	window so_far as (partition by w.subject order by w.subject_seq)
), linked as (
	select n.*, case
		when subject_seq = coalesce(previous, 0) + 1 then true
		when exists (select from feed as f where f.subject = n.subject and f.subject_seq = n.subject_seq - 1 offset 0) then true
		when exists (select from change as p where p.subject = n.subject and p.subject_seq = n.subject_seq - 1 offset 0) then false
		else coalesce((select p.subject_seq = previous or exists (select from feed as f where f.change_id = p.id offset 0)
			from change as p where p.subject = n.subject and p.subject_seq < n.subject_seq
			order by p.subject_seq desc limit 1), true) end as is_linked
	  from numbered as n
), judged as (
	select *, bool_and(is_linked) over (partition by subject order by subject_seq) as is_ready from linked
), ready as (
	select *, row_number() over (order by last_xid, last_id, subject_seq) as nth_told from judged where is_ready
), next as (
	select here.position, here.horizon, case when (select count(*) from fresh) < $5 then here.horizon
		else (select least(max(f.xid::text::bigint), here.horizon::text::bigint)::text::xid8
			from fresh as f) end as xid
	  from here
), moved as (
	update feed_state as s
	   set position = next.position + (select count(*) from ready),
	       floor = case when $6 then coalesce((select min(xid::text::bigint)::text::xid8 from judged
				where not is_ready and xid < next.xid), next.xid) else s.floor end,
	       at = clock_at()
	  from next
	 where s.position = next.position and ($6 or exists (select from ready))
	returning next.position as base
), given as (
	insert into feed (position, change_id, change_at, authority_id, readers, is_public, type, subject, subject_seq)
	select m.base + r.nth_told, r.id, r.at, r.authority_id, r.readers, r.is_public, r.type, r.subject, r.subject_seq
	  from moved as m, ready as r
	returning 1
), late as (
	-- Committed, and still above a transaction that is under way; or held.
	select min(c.at) as at from change as c
	 where c.xid >= (select horizon from here) and c.xid < (select above from here) and c.at >= $3
	union all
	select min(at) from judged where not is_ready
)
select next.position + (select count(*) from given) as position, (select count(*) from given)::int as given,
       array(select id::text from judged where not is_ready) as held,
       (select count(*) from judged where not is_ready)::int as held_count,
       coalesce((select greatest(1, extract(epoch from clock_at() - min(at)) * 1000)::bigint from late
		having min(at) is not null), 0) as waiting_ms,
       next.xid as next_xid, next.xid = next.horizon as is_all,
       exists (select from moved) or not exists (select from ready) as is_sound, next.horizon
  from next
