-- asset_spots: where the assets lie that a filter keeps (functions/0066_spot.sql): each by itself as a feature of GeoJSON, or how
--   many lie in each square of so many metres when they are more than `most`.
-- in:  filter jsonb, cell int, most int
-- out: many feature text?, easting int, northing int, number bigint
with asked as materialized (
	select r.asset_id from request as r join request_state as s on s.code = r.state and s.is_open where r.asset_id is not null
)
select '{"type":"Feature","id":"' || a.id || '","geometry":{"type":"Point","coordinates":[' || a.lon || ',' || a.lat
       || ']},"properties":{"name":' || to_json(a.name)::text || ',"lifecycle":"' || a.lifecycle
       || '","is_requested":' || (a.id in (select asset_id from asked))::text || '}}' as feature,
       w.easting, w.northing, w.number
  from asset_spots($1, $2, $3) as w
  left join asset as a on a.id = w.id
 order by w.northing desc, w.easting
 limit 20000
