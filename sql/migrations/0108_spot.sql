-- Where assets lie and in whose area, without their rows: what the map and the first page count goes over this index alone.
set local role assetd_owner;
set local search_path = assetd, public;

create index asset_spot on asset (published, authority_id, data_zone, easting, northing) where removed_at is null;
