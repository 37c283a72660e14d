-- event_seen: is an event here to be read, and has the feed told all of its transaction?
-- in:  id text
-- out: one? is_told bool   -- no row: not here yet, or not for this reader
select count(*) = count(f.position) as is_told
  from change as it
  join change as c on c.xid = it.xid and c.at = it.at
  left join feed as f on f.change_id = c.id
 where it.id = $1
having count(*) > 0
