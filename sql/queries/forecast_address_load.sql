-- forecast_address_load: which version of an address of the forecast there is, and whether it was ended.
-- in:  id text
-- out: one? version int, gone bool   -- no row: none that the actor may know of
select version, revoked_at is not null as gone from forecast_address where id = $1
