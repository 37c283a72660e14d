-- Who may do what with the links by which community bodies answer; rule() and holds() are 0010's, in the same session.
set local role assetd_owner;
set local search_path = assetd, public;

do $$
declare
	officers constant text := pg_temp.holds('estates decider');
	estates  constant text := pg_temp.holds('estates');
begin
	perform pg_temp.rule('answer_link', 'SELECT', officers || ' or id = actor_id() and revoked_at is null and expires_at > clock_at()');
	perform pg_temp.rule('answer_link', 'INSERT UPDATE', estates);
	revoke update on answer_link from assetd_api;
	grant update (revoked_at) on answer_link to assetd_api;
	perform pg_temp.rule('answer_link', 'SELECT', '(select actor_id()) is null', 'assetd_worker');
	-- Behind actor_set, mail_due, answer_show and answer_is_there.
	perform pg_temp.rule('answer_link community_body_contact representation representation_original', 'SELECT', 'true', 'assetd_owner');
	perform pg_temp.rule('mail', 'DELETE', 'true', 'assetd_owner');
end
$$;
