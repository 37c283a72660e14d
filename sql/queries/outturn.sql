-- outturn: what frozen runs said of each financial year up to this one, and what came in of it, as far as the actor may read
--   both: of one authority's shares, of a partnership's assets, or of all. Scenarios are not what was said. With a year its
--   disposals too. has_money: the actor's key lets money be read.
-- in:  authority_id text?, cpp_id text?, year text?, has_money bool
-- out: one body jsonb, is_known bool   -- is_known: there is such an authority, and such a partnership
select outturn($1, $2, $3, $4) as body,
       ($1 is null or exists (select from authority as a where a.id = $1))
       and ($2 is null or exists (select from cpp as c where c.id = $2)) as is_known
