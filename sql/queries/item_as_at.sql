-- item_as_at: an asset or a request as it was true on a day and known at a moment (functions/0060_register.sql).
-- in:  kind text, id text, valid_on date, known_at timestamptz?
-- out: one? version int, gone bool, body text   -- no row: nothing was known of that day, or not for the actor
select version, gone, body from asset_at($2, $3, coalesce($4, clock_at())) where $1 = 'ast'
union all
select version, false, body from request_at($2, $3, coalesce($4, clock_at())) where $1 = 'atr'
