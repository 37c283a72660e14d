-- land_regain: the other requests that were told that land of an asset's is gone are told what of that still holds, each with a change.
-- in:  asset_id text, own text, event_ids text[]
-- out: one told int
select land_regain($1, $2, $3) as told
