-- import_undo: take an applied import back (functions/0050_import.sql).
-- in:  id text, event_ids text[], last_event_id text
-- out: one is_new bool
select import_undo($1, $2, $3) as is_new
