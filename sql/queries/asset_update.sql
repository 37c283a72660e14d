-- asset_update: the settled fields of an asset at its next version; the error given when it has moved.
-- in:  id text, seen int, fields jsonb, stale int
-- out: one done bool
with moved as (
	update asset as a
	   set version = a.version + 1, (reference, name, class, tenure, lifecycle, cpp_id, locality_id, part_of, data_zone, decile, address, postcode,
	uprn, title_number, easting, northing, lat, lon, boundary, area_m2, common_good, in_trust, restrictions, lease_starts_on, lease_ends_on, checked_on, exempt_reason, published, notes, effective_on) =
	       (x.reference, x.name, x.class, x.tenure, x.lifecycle, x.cpp_id, x.locality_id, x.part_of, x.data_zone, x.decile, x.address, x.postcode, x.uprn, x.title_number, x.easting, x.northing, x.lat, x.lon, x.boundary, x.area_m2, x.common_good, x.in_trust, x.restrictions, x.lease_starts_on, x.lease_ends_on, x.checked_on, x.exempt_reason, x.published, x.notes, x.effective_on)
	  from jsonb_populate_record(null::asset, $3) as x
	 where a.id = $1 and a.version = $2 and a.removed_at is null
	returning a.id
)
select must((select count(*) from moved) = 1, $4) as done
