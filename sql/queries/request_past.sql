-- request_past: what a request was on days that have gone by, as its ledger now says [{on, row, deadlines}] (functions/0063_past.sql).
-- in:  id text, past jsonb
-- out: one known int
select request_past_put($1, $2) as known
