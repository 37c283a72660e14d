-- import_apply: carry a previewed import out (functions/0050_import.sql).
-- in:  id text, asset_ids text[], event_ids text[], last_event_id text, skip_errors bool
-- out: one is_new bool
select import_apply($1, $2, $3, $4, $5) as is_new
