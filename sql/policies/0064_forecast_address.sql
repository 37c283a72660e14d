-- Addresses of the forecast: after 0010_policies.sql, by whose rule() and holds() this is written. One's own to make; to
-- see and end also those of people whose keys one looks after.
set local role assetd_owner;
set local search_path = assetd, public;

do $$
declare
	myself constant text := 'principal_id = actor_id()';
begin
	perform pg_temp.rule('forecast_address', 'INSERT', myself);
	perform pg_temp.rule('forecast_address', 'SELECT UPDATE',
		myself || ' or exists (select from principal as p where p.id = {t}.principal_id and '
		|| '(' || pg_temp.holds('admin', 'p.authority_id') || ' or (select actor_is_operator())))');
	revoke select, update on forecast_address from assetd_api;
	grant select (id, principal_id, key_id, name, question, version, created_at, updated_at, expires_at, revoked_at, last_used_at),
		update (version, updated_at, revoked_at, last_used_at) on forecast_address to assetd_api;
	-- Behind forecast_address_lookup.
	perform pg_temp.rule('forecast_address', 'SELECT', 'true', 'assetd_owner');
end
$$;

grant select on item_forecast_address to assetd_api;
revoke execute on function forecast_address_lookup from assetd_worker;
