-- The plans of a partnership in their order, whose land it is, and who else owns a share: by index, however large the register is.
set local role assetd_owner;
set local search_path = assetd, public;

create index asset_planned on asset (cpp_id, authority_id, id) where removed_at is null and lifecycle <> 'DISPOSED';
create index disposal_plan_order on disposal_plan (authority_id, planned_on, asset_id) where method <> 'NONE';
create index asset_owner_joint on asset_owner (owner_id, asset_id) where owner_id <> authority_id;
