-- Accounts: after 0010_policies.sql, by whose rule() and holds() this is written. One's own to see and to change the password of;
-- whoever looks after people makes and ends theirs. What is tried at sign-in nobody reads.
set local role assetd_owner;
set local search_path = assetd, public;

do $$
declare
	nobody  constant text := '(select actor_id()) is null';
	manages constant text := 'exists (select from principal as p where p.id = {t}.principal_id and '
		|| '(' || pg_temp.holds('admin', 'p.authority_id') || ' or (select actor_is_operator())))';
begin
	perform pg_temp.rule('account', 'SELECT UPDATE', 'principal_id = actor_id() or ' || manages);
	perform pg_temp.rule('account', 'INSERT', manages);
	revoke select, update on account from assetd_api;
	grant select (principal_id, key_id, email, password_set_at, link_expires_at, factor, factor_on, factor_step),
		update (password, password_set_at, link, link_expires_at, factor, factor_on, factor_step) on account to assetd_api; -- what is set nobody reads
	perform pg_temp.rule('account_recovery', 'SELECT INSERT DELETE', 'principal_id = actor_id()');
	perform pg_temp.rule('sign_in_try', 'SELECT DELETE', nobody, 'assetd_worker');

	-- Behind sign_in_begin, sign_in_end, account_link and account_link_use.
	perform pg_temp.rule('account', 'SELECT UPDATE', 'true', 'assetd_owner');
	perform pg_temp.rule('sign_in_try', 'SELECT INSERT UPDATE DELETE', 'true', 'assetd_owner');
	perform pg_temp.rule('account_recovery', 'SELECT DELETE', 'true', 'assetd_owner');
	perform pg_temp.rule('page_session', 'DELETE', 'true', 'assetd_owner');
end
$$;

grant select on item_account to assetd_api;
revoke execute on function sign_in_begin, sign_in_end, account_link, account_link_use from assetd_worker;
