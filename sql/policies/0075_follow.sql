-- Who may do what with follows: after 0010_policies.sql, by whose rule() this is written. Whoever bears a follow's link sees
-- what it is of and ends it. Nobody else sees one, whatever they administer: who asks to be told of a request is no business of
-- the authority that decides on it. The address is for the letter alone (functions/0091_follow.sql).
set local role assetd_owner;
set local search_path = assetd, public;

do $$
declare
	nobody constant text := '(select actor_id()) is null';
begin
	perform pg_temp.rule('follow', 'SELECT DELETE', 'id = actor_id()');
	revoke select on follow from assetd_api;
	grant select (id, created_at, kind, rhythm, question, authority_id, expires_at, confirmed_at) on follow to assetd_api;

	perform pg_temp.rule('follow', 'SELECT UPDATE DELETE', nobody, 'assetd_worker');
	revoke select, update on follow from assetd_worker;
	grant select (id, kind, rhythm, keys, expires_at, confirmed_at, position, is_stale, due_at), update (position, is_stale, due_at)
		on follow to assetd_worker;
	perform pg_temp.rule('follow_state', 'SELECT UPDATE', nobody, 'assetd_worker');
	perform pg_temp.rule('mail', 'INSERT', nobody || ' and (follow_id is not null or webhook_id is not null)', 'assetd_worker');

	-- Behind follow_put, follow_confirm and mail_due.
	perform pg_temp.rule('webhook_cursor', 'SELECT', 'true', 'assetd_owner');
	perform pg_temp.rule('follow', 'SELECT INSERT UPDATE DELETE', 'true', 'assetd_owner');
	perform pg_temp.rule('mail', 'INSERT', 'true', 'assetd_owner');
	perform pg_temp.rule('feed_state', 'SELECT', 'true', 'assetd_owner');
end
$$;

revoke execute on function follow_put, follow_confirm from assetd_worker;
