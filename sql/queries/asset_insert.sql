-- asset_insert: a new asset from its settled fields.
-- in:  id text, fields jsonb
insert into asset (id, authority_id, reference, name, class, tenure, lifecycle, cpp_id, locality_id, part_of, data_zone, decile, address, postcode,
	uprn, title_number, easting, northing, lat, lon, boundary, area_m2, common_good, in_trust, restrictions, lease_starts_on, lease_ends_on, checked_on, exempt_reason, published, notes, effective_on)
select $1, x.authority_id, x.reference, x.name, x.class, x.tenure, x.lifecycle, x.cpp_id, x.locality_id, x.part_of, x.data_zone, x.decile, x.address, x.postcode, x.uprn, x.title_number, x.easting, x.northing, x.lat, x.lon, x.boundary, x.area_m2, x.common_good, x.in_trust, x.restrictions, x.lease_starts_on, x.lease_ends_on, x.checked_on, x.exempt_reason, x.published, x.notes, x.effective_on
  from jsonb_populate_record(null::asset, $2) as x
