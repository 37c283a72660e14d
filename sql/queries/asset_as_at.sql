-- asset_as_at: an asset as it was true on a day and known at a moment (functions/0060_register.sql).
-- in:  id text, valid_on date, known_at timestamptz?
-- out: one? version int, gone bool, body text
select version, gone, body from asset_at($1, $2, coalesce($3, clock_at()))
