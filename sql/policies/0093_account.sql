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
	grant select (principal_id, key_id, email, password_set_at, link_expires_at, factor, factor_on, factor_step, is_closed),
		update (email, password, password_set_at, link, link_expires_at, link_is_own, factor, factor_on, factor_step, is_closed)
		on account to assetd_api; -- what is set nobody reads
	perform pg_temp.rule('account_act', 'SELECT', 'principal_id = actor_id() or ' || manages);
	perform pg_temp.rule('account_act', 'INSERT', 'actor = actor_id() and ' || manages);
	perform pg_temp.rule('account_recovery', 'SELECT INSERT DELETE', 'principal_id = actor_id()');
	perform pg_temp.rule('sign_in_try', 'SELECT DELETE', nobody, 'assetd_worker');

	-- Behind the functions of 0095_account.sql, and mail_due.
	perform pg_temp.rule('account', 'SELECT UPDATE', 'true', 'assetd_owner');
	perform pg_temp.rule('sign_in_try', 'SELECT INSERT UPDATE DELETE', 'true', 'assetd_owner');
	perform pg_temp.rule('account_recovery', 'SELECT DELETE', 'true', 'assetd_owner');
	perform pg_temp.rule('page_session', 'DELETE', 'true', 'assetd_owner');
	perform pg_temp.rule('mail', 'UPDATE', 'true', 'assetd_owner');
end
$$;

-- Whether somebody's letter went: for themselves, and for who looks after them.
create policy select_account on mail for select to assetd_api
	using (account_id is not null and exists (select from account as a where a.principal_id = mail.account_id));
grant select (account_id) on mail to assetd_api;

grant select on item_account to assetd_api;
revoke execute on function session_leave, sign_in_begin, sign_in_end, account_link, account_link_use, account_is_beyond, account_letter, account_forgotten,
	account_out, account_browsers from assetd_worker;
revoke execute on function account_letter_begin from assetd_api;
