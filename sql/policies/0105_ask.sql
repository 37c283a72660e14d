-- Who may do what with what community groups send without an account; rule() and holds() are 0010's, in the same session.
set local role assetd_owner;
set local search_path = assetd, public;

do $$
declare
	officers constant text := pg_temp.holds('estates decider');
	nobody   constant text := '(select actor_id()) is null';
	-- Whoever confirms acts as the draft, which is gone with the same transaction.
	confirms constant text := $q$(select left(actor_id(), 4)) = 'rqd_' and authority_id = (select actor_asks())$q$;
	r record;
	c text;
begin
	-- Everybody may ask for what everybody reads, and sees nothing of what was sent.
	perform pg_temp.rule('request_draft', 'INSERT', $q$published and (asset_id is null
		or exists (select from asset as a where a.id = {t}.asset_id and a.published and a.removed_at is null))$q$);
	perform pg_temp.rule('request_draft', 'SELECT DELETE', 'id = actor_id()');
	perform pg_temp.rule('request_draft', 'SELECT DELETE', nobody, 'assetd_worker');
	revoke select on request_draft from assetd_worker;
	grant select (id, expires_at, created_at) on request_draft to assetd_worker;
	perform pg_temp.rule('request_sent', 'SELECT', officers || ' or request_id = (select actor_link())');
	perform pg_temp.rule('request_sent', 'INSERT', 'request_id = (select actor_link())');
	-- Behind actor_set, mail_due, request_draft_bound, ask_body, mine_show, mine_find and mine_send.
	perform pg_temp.rule('request_draft request_sent', 'SELECT', 'true', 'assetd_owner');
	perform pg_temp.rule('request_draft', 'UPDATE', 'true', 'assetd_owner');
	create policy insert_mine on mail for insert to assetd_owner with check (kind = 'ANSWER');
	perform pg_temp.rule('answer_link', 'INSERT UPDATE', 'true', 'assetd_owner');

	-- A request that was confirmed comes to be like one on paper: with its body, its contact, a reference, and the link to it.
	for r in select * from (values ('community_body', 'insert'), ('community_body_contact', 'insert'), ('answer_link', 'insert'),
		('answer_link', 'select'), ('request_reference_counter', 'select'), ('request_reference_counter', 'insert'),
		('request_reference_counter', 'update')) as v (name, command) loop
		execute format('create policy %I on %I for %s to assetd_api %s (%s)', r.command || '_ask', r.name, r.command,
			case r.command when 'insert' then 'with check' else 'using' end, confirms);
	end loop;
	create policy insert_ask on request for insert to assetd_api
		with check (id = (select actor_link()) and authority_id = (select actor_asks()));

	-- What a community body does by a link moves its own prices, and shows on the land: a bar that ends, a rival that is none any more.
	for r in select * from (values ('request_money', 'select'), ('request_money', 'insert'), ('request_money', 'update'),
		('request_event_money', 'insert')) as v (name, command) loop
		execute format('create policy %I on %I for %s to assetd_api %s (request_id = (select actor_link()) and authority_id = (select actor_asks()))',
			r.command || '_mine', r.name, r.command, case r.command when 'insert' then 'with check' else 'using' end);
	end loop;
	foreach c in array '{select,insert,update}'::text[] loop
		execute format('create policy %I on land_turn for %s to assetd_api %s (authority_id = (select actor_asks()))', c || '_mine', c,
			case c when 'insert' then 'with check' else 'using' end);
	end loop;
	create policy update_mine on request for update to assetd_api
		using (authority_id = (select actor_asks()) and asset_id = any ((select actor_land())::text[]));
	create policy update_mine on asset for update to assetd_api
		using (authority_id = (select actor_asks()) and id = any ((select actor_land())::text[]));
	create policy insert_mine on change for insert to assetd_api
		with check (actor = actor_id() and authority_id = (select actor_asks()));
	create policy insert_mine on change_money for insert to assetd_api
		with check (authority_id = (select actor_asks()));
end
$$;
