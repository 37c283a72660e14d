-- Who may do what with a longer time that is offered; rule() and holds() are 0010's, in the same session.
set local role assetd_owner;
set local search_path = assetd, public;

do $$
declare
	officers constant text := pg_temp.holds('estates decider');
	estates  constant text := pg_temp.holds('estates');
	mine     constant text := 'request_id = (select actor_link()) and authority_id = (select actor_asks())';
begin
	perform pg_temp.rule('extension_offer', 'SELECT', officers || ' or ' || mine);
	perform pg_temp.rule('extension_offer', 'INSERT', estates);
	perform pg_temp.rule('extension_offer', 'UPDATE', estates || ' or ' || mine);
	revoke update on extension_offer from assetd_api;
	grant update (state, ended_at) on extension_offer to assetd_api;
	-- Behind mail_due, mine_show, mine_load and extension_ended.
	perform pg_temp.rule('extension_offer', 'SELECT', 'true', 'assetd_owner');
end
$$;
