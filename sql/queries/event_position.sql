-- event_position: where an event stands in the feed.
-- in:  id text
-- out: one? position bigint   -- no row: not there yet, or not for this reader
select position from feed where change_id = $1
