-- What maps and lists are narrowed by lies in the index that they walk, so that they look at no row that they do not show.
set local role assetd_owner;
set local search_path = assetd, public;

drop index asset_spot;
create index asset_spot on asset (published, authority_id, data_zone, easting, northing)
	include (class, tenure, lifecycle, decile, cpp_id, locality_id) where removed_at is null;
drop index asset_name;
create index asset_name on asset (name, id)
	include (published, authority_id, class, tenure, lifecycle, decile, cpp_id, locality_id, data_zone) where removed_at is null;
