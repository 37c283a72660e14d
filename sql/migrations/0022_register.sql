-- The register: what lists are narrowed by.
set local role assetd_owner;
set local search_path = assetd, public;

-- Postcodes and their districts (a range of codes); references whoever's they are.
create index asset_postcode on asset (postcode collate "C") where postcode is not null;
drop index asset_reference;
create unique index asset_reference on asset (lower(reference collate "C"), authority_id) where removed_at is null;
create index asset_zone on asset (data_zone) where data_zone is not null;
