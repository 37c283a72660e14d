-- event_position: where in the feed the whole transaction of an event has been told.
-- in:  id text
-- out: one? position bigint   -- no row: not all of it is there yet
select position from event_told($1) as position where position is not null
