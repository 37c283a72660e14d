-- event_seen: is an event here, and has the feed told all of its transaction?
-- in:  id text
-- out: one? is_told bool   -- no row: not here yet
select s.is_told from event_seen($1) as s (is_told) where s.is_told is not null
