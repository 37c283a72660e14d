-- land_pair_put: an officer's word on two assets; all that shows another bar for it moves, each with a change.
-- in:  id text, asset_id text, other_id text, state text, reason text, event_ids text[]
-- out: one pair_id text
select land_pair_put($1, $2, $3, $4, $5, $6) as pair_id
