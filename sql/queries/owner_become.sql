-- owner_become: act as the owner for the rest of the batch.
-- as:  owner
-- out: one role text
select set_config('role', 'assetd_owner', true) as role
