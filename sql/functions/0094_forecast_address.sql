-- Who comes by an address of the forecast is not known yet: this door, like session_lookup, runs with its owner's rights.
set local role assetd_owner;
set local search_path = assetd, public;

-- The address of a token, by the token's SHA-256. Who answers checks the key behind it.
create or replace function forecast_address_lookup(hash bytea)
	returns table (id text, question text, key_prefix text, expires_at timestamptz, revoked_at timestamptz,
		last_used_at timestamptz)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select a.id, a.question, k.prefix, a.expires_at, a.revoked_at, a.last_used_at
	  from forecast_address as a
	  join api_key as k on k.id = a.key_id and k.principal_id = a.principal_id
	 where a.hash = forecast_address_lookup.hash
$$;
