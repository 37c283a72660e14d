-- land_compete: whose requests compete on the land of these assets is said anew, each with a change.
-- in:  assets text[], event_ids text[]
-- out: one told int
select land_compete($1, null, $2, 0) as told
