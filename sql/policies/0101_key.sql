-- Keys: after 0010_policies.sql, by whose rule() and holds() this is written. One's own to make, within the key in use; to see and
-- end also those of people whom one looks after. Nobody makes a key for somebody else but the one that stands behind an account,
-- which nobody has; and what a key may is never changed. For how long is only shortened (functions/0101_key.sql).
set local role assetd_owner;
set local search_path = assetd, public;

do $$
declare
	myself  constant text := 'principal_id = actor_id()';
	manages constant text := 'exists (select from principal as p where p.id = {t}.principal_id and '
		|| '(not p.is_operator and (' || pg_temp.holds('admin', 'p.authority_id') || ') or (select actor_is_operator())))';
	known   constant text := 'exists (select from api_key as k where k.id = {t}.key_id)';
begin
	perform pg_temp.rule('api_key', 'SELECT UPDATE', myself || ' or ' || manages);
	perform pg_temp.rule('api_key', 'INSERT', 'hash is null and ' || manages || ' or hash is not null and ' || myself
		|| ' and key_is_within(scopes, expires_at)');
	revoke select, update on api_key from assetd_api;
	grant select (id, principal_id, name, prefix, scopes, version, created_at, updated_at, expires_at, revoked_at, last_used_at),
		update (name, version, updated_at, expires_at, revoked_at, last_used_at) on api_key to assetd_api;
	perform pg_temp.rule('key_act', 'SELECT', known);
	perform pg_temp.rule('key_act', 'INSERT', 'actor = actor_id() and ' || known);
end
$$;

grant select on item_key to assetd_api;
revoke execute on function key_is_within from assetd_worker;
