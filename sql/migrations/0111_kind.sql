-- The map of one kind of assets walks that kind's land alone, over this index without their rows.
set local role assetd_owner;
set local search_path = assetd, public;

create index asset_kind on asset (class, published, authority_id, data_zone, easting, northing)
	include (tenure, lifecycle, decile, cpp_id, locality_id) where removed_at is null;
