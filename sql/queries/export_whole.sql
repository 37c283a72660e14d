-- export_whole: export_assets of the whole register, planned once and not copied by a function on its way. A test
--   compares the two. See asset_page_of on parameters in subqueries.
-- in:  after text, take int
-- out: many id text, reference text?, name text, class text, tenure text, lifecycle text, authority_id text,
--      authority text, owners text?, cpp_id text?, locality_id text?, part_of text?, data_zone text?, decile int,
--      address text?, postcode text?, uprn text?, title_number text?, easting int?, northing int?, lat text?,
--      lon text?, boundary text?, area_m2 bigint?, common_good text?, in_trust text?, restrictions text?,
--      lease_starts_on date?, lease_ends_on date?, checked_on date?, exempt_reason text?, published text, notes text?,
--      effective_on date, version int, updated_at text, authority_code text
select x.id, x.reference, x.name, x.class, x.tenure, x.lifecycle, x.authority_id, u.name as authority,
       export_owners(x.rendered, x.authority_id) as owners, x.cpp_id, x.locality_id,
       case when x.part_of is null or exists (select from asset as w where w.id = x.part_of) then x.part_of end as part_of, x.data_zone, x.decile::int,
       x.address, x.postcode, x.uprn, x.title_number, x.easting, x.northing, trim_scale(x.lat)::text as lat,
       trim_scale(x.lon)::text as lon, replace(x.boundary::text, ' ', '') as boundary, x.area_m2, x.common_good::text,
       x.in_trust::text, x.restrictions, x.lease_starts_on, x.lease_ends_on, x.checked_on, x.exempt_reason,
       x.published::text, x.notes, x.effective_on, x.version, utc(x.updated_at) as updated_at, gss_code(u.code) as authority_code
  from (select * from asset as a where a.removed_at is null and a.id > (select $1) order by a.id limit (select $2)) as x
  join authority as u on u.id = x.authority_id
 order by x.id
