-- change_newest: how far the feed has come, and the last committed change that has no place in it
--   yet: whoever must include everything waits for both.
-- out: one position bigint, event_id text?
select s.position,
       (select c.id from change as c
	 where c.xid >= case when s.floor <= pg_snapshot_xmax(pg_current_snapshot()) then s.floor else '0' end
	   and c.at > clock_at() - interval '1 day' and not exists (select from feed as f where f.change_id = c.id)
	 order by c.xid desc, c.id desc limit 1) as event_id
  from feed_state as s
