-- land_show: all else that shows another bar because the land of these assets now lies otherwise, each with a change.
-- in:  assets text[], event_ids text[]
-- out: one moved int
select land_show($1, $2) as moved
