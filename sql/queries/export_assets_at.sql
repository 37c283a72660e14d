-- export_assets_at: export_assets as it was true on a day and known at a moment, or as far as is known by now.
-- in:  filter jsonb, after text[]?, take int, valid_on date, known_at timestamptz?
-- out: many id text, reference text?, name text, class text, tenure text, lifecycle text, authority_id text,
--      authority text, owners text?, cpp_id text?, locality_id text?, part_of text?, data_zone text?, decile int,
--      address text?, postcode text?, uprn text?, title_number text?, easting int?, northing int?, lat text?,
--      lon text?, boundary text?, area_m2 bigint?, common_good text?, in_trust text?, restrictions text?,
--      lease_starts_on date?, lease_ends_on date?, checked_on date?, exempt_reason text?, published text, notes text?,
--      effective_on date, version int, updated_at text, authority_code text
select id, reference, name, class, tenure, lifecycle, authority_id, authority, owners, cpp_id, locality_id, part_of,
       data_zone, decile, address, postcode, uprn, title_number, easting, northing, lat, lon, boundary,
       area_m2, common_good, in_trust, restrictions, lease_starts_on, lease_ends_on, checked_on, exempt_reason,
       published, notes, effective_on, version, updated_at, authority_code
  from export_asset_at($1, $2, $3, $4, known_by($5))
