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
	perform pg_temp.rule('representation', 'INSERT', estates);
	-- Whoever decides also corrects the ledger that one belongs to.
	perform pg_temp.rule('representation', 'UPDATE', officers);
	perform pg_temp.rule('representation_original', 'SELECT', officers);
	perform pg_temp.rule('representation_original', 'INSERT DELETE', estates);

	-- Everybody may send one by the form while the request takes them, and sees nothing of what was sent.
	perform pg_temp.rule('representation_draft', 'INSERT', $q$exists (select from request as r
		where r.id = {t}.request_id and r.published and r.state in
			('REPRESENTATIONS_OPEN', 'CTB_COMMENT', 'UNDER_ASSESSMENT', 'NO_DECISION'))$q$);
	perform pg_temp.rule('representation_draft', 'SELECT DELETE', 'id = actor_id()');
	perform pg_temp.rule('mail', 'INSERT', $q$state = 'WAITING' and attempts = 0 and (kind = 'CONFIRM'
		or exists (select from answer_link as l where l.id = {t}.link_id and l.authority_id = {t}.authority_id))$q$);
	-- What became of the letter that they had sent, and not what it carries.
	perform pg_temp.rule('mail', 'SELECT', 'link_id is not null and ' || officers);
	revoke select on mail from assetd_api;
	grant select (id, authority_id, link_id, state, attempts, ended_at) on mail to assetd_api;
	perform pg_temp.rule('mail', 'SELECT UPDATE DELETE', '(select actor_id()) is null', 'assetd_worker');
	perform pg_temp.rule('representation_draft', 'SELECT DELETE', '(select actor_id()) is null', 'assetd_worker');
	revoke select on representation_draft from assetd_worker;
	grant select (id, expires_at, created_at) on representation_draft to assetd_worker;
	-- Behind mail_due, representation_draft_bound and actor_set.
	perform pg_temp.rule('representation_draft mail', 'SELECT', 'true', 'assetd_owner');
	perform pg_temp.rule('representation_draft', 'UPDATE', 'true', 'assetd_owner');
end
$$;

-- Who comes by a link moves the one request that it is for, and adds to it.
do $$
declare
	r record;
	c text;
begin
	for r in select * from (values
		('request', 'update', 'id'), ('request_item', 'insert', 'request_id'), ('request_item', 'update', 'request_id'),
		('request_event', 'insert', 'request_id'), ('request_event', 'update', 'request_id'),
		('request_reminder', 'select', 'request_id'), ('request_reminder', 'insert', 'request_id'),
		('representation', 'select', 'request_id'), ('representation', 'insert', 'request_id'),
		('representation_original', 'insert', 'request_id'), ('change', 'insert', 'subject'),
		('fact', 'insert', 'subject'), ('fact', 'update', 'subject')) as v (name, command, col) loop
		execute format('create policy %I on %I for %s to assetd_api %s', r.command || '_link', r.name, r.command,
			case when r.command in ('insert') then 'with check' else 'using' end
			|| format(' (%I = (select actor_link())%s)', r.col, case when r.name = 'change' then ' and actor = actor_id()' else '' end));
	end loop;
	-- And waits for its turn with the land of that request's authority, as whoever moves one does.
	foreach c in array '{select,insert,update}'::text[] loop
		execute format('create policy %I on land_turn for %s to assetd_api %s (authority_id = (select r.authority_id from request as r
			where r.id = (select actor_link())))', c || '_link', c, case c when 'insert' then 'with check' else 'using' end);
	end loop;
end
$$;

revoke execute on function mail_due from assetd_api;
grant select on item_representation to assetd_api, assetd_worker;
