-- feed_head: the last position that was given.
-- out: one position bigint
select position from feed_state
