-- export_assets_at: export_assets as it was true on a day and known at a moment, or as far as is known by now.
-- in:  filter jsonb, after text[]?, take int, valid_on date, known_at timestamptz?
-- out: many id text, reference text?, name text, class text, tenure text, lifecycle text, authority_id text,
--      authority text, authority_code text, cpp_id text?, locality_id text?, data_zone text?, decile int,
--      address text?, postcode text?, uprn text?, title_number text?, easting int?, northing int?, lat text?,
--      lon text?, boundary text?, area_m2 bigint?, common_good text?, exempt_reason text?, published text, notes text?,
--      effective_on date, version int, updated_at text
select id, reference, name, class, tenure, lifecycle, authority_id, authority, authority_code, cpp_id, locality_id,
       data_zone, decile, address, postcode, uprn, title_number, easting, northing, lat, lon, boundary, area_m2, common_good,
       exempt_reason, published, notes, effective_on, version, updated_at
  from export_asset_at($1, $2, $3, $4, known_by($5))
