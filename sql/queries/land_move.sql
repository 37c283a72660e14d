-- land_move: the other assets that show it when a bar begins or ends on this one, each with a change.
-- in:  asset_id text, event_ids text[], data jsonb
-- out: one moved int
select land_move($1, $2, $3) as moved
