-- land_hold: to the end of this transaction nobody else decides of the land of that asset's authority. Before any
--   row of an asset or a request is written, so that two who wait for one another never wait in a circle.
-- in:  asset_id text
-- out: one? held bool
select land_hold(a.authority_id) as held from asset as a where a.id = $1
