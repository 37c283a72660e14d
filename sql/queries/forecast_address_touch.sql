-- forecast_address_touch: note that an address of the actor's is in use; asked for at most once a minute.
-- in:  id text
update forecast_address set last_used_at = clock_at() where id = $1
