-- event_position: where in the feed the whole transaction of an event has been told.
-- in:  id text
-- out: one? position bigint   -- no row: not all of it is there yet, or none is for this reader
select max(f.position) as position
  from change as it
  join change as c on c.xid = it.xid and c.at = it.at
  left join feed as f on f.change_id = c.id
 where it.id = $1
having count(*) = count(f.position) and count(*) > 0
