-- Who may do what with representations; rule() and holds() are 0010's, in the same session.
set local role assetd_owner;
set local search_path = assetd, public;

do $$
declare
	member   constant text := pg_temp.holds('member');
	officers constant text := pg_temp.holds('estates decider');
	estates  constant text := pg_temp.holds('estates');
begin
	-- What is shown is everybody's; its other columns the view keeps back.
	perform pg_temp.rule('representation', 'SELECT', 'published and shown or ' || member);
	-- The ledger of a request whose clocks are counted says whether a representation still counts.
	perform pg_temp.rule('representation', 'SELECT', '(select actor_id()) is null', 'assetd_worker');
	perform pg_temp.rule('representation', 'INSERT UPDATE', estates);
	perform pg_temp.rule('representation_original', 'SELECT', officers);
	perform pg_temp.rule('representation_original', 'INSERT DELETE', estates);
end
$$;

grant select on item_representation to assetd_api, assetd_worker;
