-- Who may do what with which rows: the whole of it, from nothing, each time it is applied.
--
-- A rule is an expression over the row and over scalar subqueries of what actor_set found the
-- actor to hold, which PostgreSQL runs once a statement, and only when needed: a published
-- row asks for none. Without a rule there is no right. The expected result of every table,
-- role and operation is tests/data/rls_matrix.csv.
--
-- Who acts for somebody comes in as assetd_api, the sender of webhooks among them, which reads events
-- as a webhook's principal. assetd_worker acts for the installation and for nobody else: its rules
-- ask only that no actor is named, and one that names an actor sees nothing. So the feed and the
-- projector, whose statements every change waits for, do not carry everybody's rules (DECISIONS 43).
set local role assetd_owner;
set local search_path = assetd, public;

do $$
declare
	r record;
begin
	for r in select tablename, policyname from pg_policies where schemaname = 'assetd' loop
		execute format('drop policy %I on %I', r.policyname, r.tablename);
	end loop;
	for r in select c.oid::regclass as name from pg_class as c
		  where c.relnamespace = 'assetd'::regnamespace and c.relkind in ('r', 'p', 'v', 'S') loop
		execute format('revoke all on %s from public, assetd_api, assetd_worker', r.name);
	end loop;
end
$$;

-- rule('asset valuation', 'SELECT', expression): a policy and the right it needs. {t} in the
-- expression is the table; inside a subquery a bare column would be the subquery's own.
create or replace function pg_temp.rule(tables text, commands text, expression text,
	who text default 'assetd_api') returns void
	language plpgsql
as $$
declare
	t   text;
	c   text;
	own text;
begin
	foreach t in array regexp_split_to_array(btrim(tables), '\s+') loop
		own := replace(expression, '{t}', quote_ident(t));
		foreach c in array regexp_split_to_array(commands, '\s+') loop
			execute format('create policy %I on %I for %s to %s %s', lower(c) || case who
					when 'assetd_worker' then '_worker' when 'assetd_owner' then '_owner' else '' end,
				t, c, who, case c
					when 'INSERT' then format('with check (%s)', own)
					when 'UPDATE' then format('using (%s) with check (%s)', own, own)
					else format('using (%s)', own) end);
			if who <> 'assetd_owner' then
				execute format('grant %s on %I to %s', c, t, who);
			end if;
		end loop;
	end loop;
end
$$;

-- The actor holds one of these (member, estates …) on the row's authority, or everywhere.
create or replace function pg_temp.holds(roles text, of text default 'authority_id') returns text
	language sql
	return (select '(' || string_agg(format($q$%s = any ((select actor_in(%L))::text[]) or (select actor_everywhere(%L))$q$,
		of, r, r), ' or ') || ')' from unnest(string_to_array(roles, ' ')) as r);

-- … on an authority that owns a share of the asset.
create or replace function pg_temp.shares(role text, asset text default '{t}.asset_id') returns text
	language sql
	return format($q$exists (select from asset_owner as o where o.asset_id = %s
		and o.owner_id = any ((select actor_in(%L))::text[]))$q$, asset, role);

do $$
declare
	writers    constant text := 'estates decider finance';
	everybody  constant text := 'true';
	either     constant text := 'assetd_api, assetd_worker';
	operator   constant text := '(select actor_is_operator())';
	myself     constant text := 'principal_id = actor_id()';
	member     constant text := pg_temp.holds('member');
	-- Money: who writes prices must see them to decide; what they are shown is narrowed to
	-- FINANCE where items are rendered (views/).
	money      constant text := pg_temp.holds(writers) || ' or ' || pg_temp.shares('finance');
	manages    constant text := pg_temp.holds('admin') || ' or ' || operator;
	-- … and of whoever plans with an authority in a partnership.
	planned    constant text := member || $q$ or authority_id = any (array(
		select theirs.authority_id::text from cpp_partner as ours join cpp_partner as theirs using (cpp_id)
		 where ours.authority_id = any ((select actor_in('member'))::text[])))$q$;
begin
	-- Everybody reads; operators write.
	perform pg_temp.rule('authority authority_duty cpp cpp_partner cpp_partner_kind locality data_zone
		asset_class request_state model_parameter migration feed_state', 'SELECT', everybody, either);
	perform pg_temp.rule('authority authority_duty cpp cpp_partner locality', 'INSERT UPDATE', operator);
	perform pg_temp.rule('authority_duty cpp_partner', 'DELETE', operator);
	perform pg_temp.rule('model_parameter', 'INSERT', operator);
	-- Calendars: one that was only loaded is its operators' alone.
	perform pg_temp.rule('calendar', 'SELECT', $q$state = 'APPLIED' or $q$ || operator);
	perform pg_temp.rule('calendar', 'INSERT UPDATE', operator);
	revoke update on calendar from assetd_api;
	grant update (version, updated_at, state, number, applied_at) on calendar to assetd_api;

	-- People. Everybody sees themselves; ADMIN those whose home is its authority, operators all.
	perform pg_temp.rule('principal', 'SELECT', 'id = actor_id() or ' || manages);
	perform pg_temp.rule('principal', 'INSERT UPDATE', '(not is_operator or ' || operator || ') and (' || manages || ')');
	perform pg_temp.rule('principal_role', 'SELECT', myself || ' or ' || manages);
	-- Nobody gives rights to themselves, nor takes away those by which they could be given back.
	perform pg_temp.rule('principal_role', 'INSERT DELETE', 'principal_id <> actor_id() and (' || manages || ')');
	perform pg_temp.rule('page_session idempotency_key', 'SELECT INSERT UPDATE', myself);
	perform pg_temp.rule('page_session', 'DELETE', myself);

	-- The register.
	perform pg_temp.rule('asset', 'SELECT', 'published or ' || member || ' or ' || pg_temp.shares('member', 'asset.id'));
	perform pg_temp.rule('asset', 'INSERT', pg_temp.holds('estates'));
	perform pg_temp.rule('asset', 'UPDATE', pg_temp.holds(writers));
	perform pg_temp.rule('asset_owner', 'SELECT', 'published or ' || member
		|| ' or owner_id = any ((select actor_in(''member''))::text[])');
	perform pg_temp.rule('asset_owner', 'INSERT UPDATE DELETE', pg_temp.holds('estates'));
	perform pg_temp.rule('valuation disposal_plan disposal', 'SELECT',
		'published or ' || member || ' or ' || pg_temp.shares('member'));
	perform pg_temp.rule('valuation valuation_money', 'INSERT', pg_temp.holds('finance'));
	perform pg_temp.rule('valuation_money', 'SELECT', '(published and not restricted) or ' || money);
	perform pg_temp.rule('disposal_plan_money disposal_money', 'SELECT', money);
	perform pg_temp.rule('disposal_plan disposal_plan_money', 'INSERT UPDATE DELETE', pg_temp.holds('estates finance'));
	perform pg_temp.rule('disposal disposal_money', 'INSERT', pg_temp.holds(writers));
	-- To undo one is to correct the completion that led to it, or what FINANCE recorded by hand.
	perform pg_temp.rule('disposal', 'UPDATE', pg_temp.holds('decider finance'));
	revoke update on disposal from assetd_api;
	grant update (version, undone_at) on disposal to assetd_api;
	-- Whose turn it is with an authority's land, and which of its assets overlap.
	perform pg_temp.rule('land_turn', 'SELECT INSERT UPDATE', pg_temp.holds(writers));
	-- A pair over two authorities is both's, for whoever may know of both assets.
	perform pg_temp.rule('land_pair', 'SELECT', '(' || member || ' or ' || pg_temp.holds('member', 'foreign_authority_id') || $q$)
		and (foreign_authority_id is null or (exists (select from asset as a where a.id = {t}.asset_id)
			and exists (select from asset as a where a.id = {t}.other_id)))$q$);
	perform pg_temp.rule('land_pair', 'INSERT UPDATE', pg_temp.holds('estates') || ' or ' || pg_temp.holds('estates', 'foreign_authority_id'));
	perform pg_temp.rule('land_pair', 'DELETE', '(' || pg_temp.holds('estates') || ' or ' || pg_temp.holds('estates', 'foreign_authority_id')
		|| $q$) and state = 'PROPOSED' and decided_on is null$q$);

	-- Requests.
	perform pg_temp.rule('community_body', 'SELECT', everybody, either);
	perform pg_temp.rule('community_body', 'INSERT UPDATE', pg_temp.holds('estates') || ' or ' || operator);
	perform pg_temp.rule('community_body_contact', 'SELECT INSERT UPDATE DELETE', pg_temp.holds('estates'));
	perform pg_temp.rule('request', 'SELECT', 'published or ' || member || ' or ' || pg_temp.shares('member'));
	perform pg_temp.rule('request_item request_event', 'SELECT', 'published or ' || member);
	perform pg_temp.rule('request_money request_event_money', 'SELECT', money);
	perform pg_temp.rule('request', 'INSERT', pg_temp.holds('estates'));
	-- FINANCE too: a disposal flags who asked for the land.
	perform pg_temp.rule('request', 'UPDATE', pg_temp.holds('estates decider finance'));
	perform pg_temp.rule('request_money request_item', 'INSERT UPDATE', pg_temp.holds('estates decider'));
	perform pg_temp.rule('request_event request_event_money', 'INSERT', pg_temp.holds('estates decider'));
	perform pg_temp.rule('request_event', 'UPDATE', pg_temp.holds('estates decider'));
	perform pg_temp.rule('request_reminder', 'SELECT INSERT', pg_temp.holds('estates decider'));
	revoke update on request_event from assetd_api;
	grant update (superseded_by) on request_event to assetd_api;
	perform pg_temp.rule('request_reference_counter', 'SELECT INSERT UPDATE', pg_temp.holds('estates'));

	-- Reports: a draft is its authority's; what was published is everybody's, the cases behind it are those of the
	-- requests that one may see.
	perform pg_temp.rule('report_line report_version', 'SELECT', everybody);
	perform pg_temp.rule('report', 'SELECT', member);
	perform pg_temp.rule('report', 'INSERT UPDATE', pg_temp.holds('estates decider'));
	perform pg_temp.rule('report_case', 'SELECT', member || ' or exists (select from request as r where r.id = {t}.request_id)');
	perform pg_temp.rule('report_version report_case', 'INSERT', pg_temp.holds('estates decider'));

	-- Documents: what was published, of what is published; all else is the authority's own.
	perform pg_temp.rule('document', 'SELECT', 'published and parent_published or ' || member);
	perform pg_temp.rule('document', 'INSERT UPDATE', pg_temp.holds('estates'));
	-- Of a photograph that says more than is seen everybody has the copy alone. A file that waits to be looked at for
	-- viruses, or has one, is nobody's; that it is gone is told by removing the document first.
	perform pg_temp.rule('document_part', 'SELECT', $q$exists (select from document as d where d.id = {t}.document_id
		and (d.scan in ('NOT_SCANNED', 'CLEAN') or d.state = 'REMOVED')
		and ($q$ || pg_temp.holds('member', 'd.authority_id') || $q$ or {t}.number >= 1000 or d.clean_sha256 is null or d.clean_sha256 = d.sha256))$q$);
	perform pg_temp.rule('document_part', 'INSERT UPDATE DELETE', pg_temp.holds('estates'));

	-- The spine. Who adds a change says so as themselves, about an authority of theirs.
	-- What was public when it happened is so for as long as its subject is.
	perform pg_temp.rule('change feed', 'SELECT', member || ' or readers && (select actor_in(''member'')) or is_public and '
		|| 'case left({t}.subject, 4) when ''ast_'' then exists (select from asset as a where a.id = {t}.subject) '
		|| 'when ''atr_'' then exists (select from request as r where r.id = {t}.subject) '
		|| 'when ''doc_'' then exists (select from document as d where d.id = {t}.subject) else true end');
	perform pg_temp.rule('change', 'INSERT', 'actor = actor_id() and (' || member || ' or ' || operator || ')');
	perform pg_temp.rule('change_money', 'SELECT', pg_temp.holds(writers) || ' or ' || 'readers && (select actor_in(''finance''))');
	perform pg_temp.rule('change_money', 'INSERT', pg_temp.holds(writers));
	perform pg_temp.rule('fact', 'SELECT', '(not is_money and (published or ' || member || ' or '
		|| pg_temp.shares('member') || ')) or (is_money and (' || money || '))');
	perform pg_temp.rule('fact', 'INSERT UPDATE', pg_temp.holds(writers));
	revoke update on fact from assetd_api;
	grant update (known, published) on fact to assetd_api;

	-- Webhooks: their principal's, and the ADMIN's of their authority.
	perform pg_temp.rule('webhook', 'SELECT INSERT UPDATE', myself || ' or ' || pg_temp.holds('admin'));
	perform pg_temp.rule('webhook_secret webhook_cursor webhook_attempt webhook_retry', 'SELECT',
		'exists (select from webhook as w where w.id = {t}.webhook_id)');
	perform pg_temp.rule('webhook_secret webhook_cursor webhook_retry', 'INSERT UPDATE',
		'exists (select from webhook as w where w.id = {t}.webhook_id)');
	perform pg_temp.rule('webhook_secret', 'DELETE', 'kind = ''TLS'' and exists (select from webhook as w where w.id = {t}.webhook_id)');
	revoke select, update on webhook_secret from assetd_api;
	revoke update on webhook_retry from assetd_api;
	grant update (due_at, due_from) on webhook_retry to assetd_api;
	grant select (webhook_id, number, kind, created_at, expires_at), update (expires_at) on webhook_secret to assetd_api;

	-- Imports and projections.
	perform pg_temp.rule('import import_line import_promise partner_setting', 'SELECT', member);
	perform pg_temp.rule('import import_line import_promise', 'INSERT UPDATE', pg_temp.holds('estates'));
	perform pg_temp.rule('partner_setting', 'INSERT', pg_temp.holds('finance'));
	-- Not its other members: what a budget expects of a single sale is that sale's price.
	perform pg_temp.rule('receipt_budget', 'SELECT INSERT', pg_temp.holds('finance'));
	perform pg_temp.rule('projection', 'SELECT', planned);
	-- The run that closes a year is everybody's who belongs to an authority.
	perform pg_temp.rule('projection_run', 'SELECT', planned
		|| $q$ or (year_end_on is not null and cardinality((select actor_in('member'))::text[]) > 0)$q$);
	perform pg_temp.rule('projection_run', 'INSERT', pg_temp.holds('finance'));
	perform pg_temp.rule('run_promise', 'SELECT INSERT UPDATE DELETE', pg_temp.holds('finance'));
	perform pg_temp.rule('run_ask', 'SELECT INSERT DELETE', pg_temp.holds('finance'));
	-- It holds what the run's authority may see of others, for whoever reads that one's money.
	-- Of that which closes a year an authority has its own share, which is the same as live.
	perform pg_temp.rule('projection_run_receipt', 'SELECT',
		'exists (select from projection_run as r where r.id = {t}.run_id and ('
		|| pg_temp.holds('finance', 'r.authority_id') || $q$ or (r.year_end_on is not null
		and starts_with({t}.filter, 'authority_id=')
		and substr({t}.filter, 14) = any ((select actor_in('finance'))::text[]))))$q$);
	-- Its inputs name every price there is: they are read for the installation alone.
	perform pg_temp.rule('projection_run_receipt projection_run_input', 'INSERT',
		'exists (select from projection_run as r where r.id = {t}.run_id and r.actor = actor_id())');
end
$$;

-- assetd_worker for the installation: reads what feed, projector and hooks must know, and writes
-- their own tables. Contacts, sessions, key hashes and imports are not among them.
do $$
declare
	nobody constant text := '(select actor_id()) is null';
begin
	perform pg_temp.rule('asset asset_owner valuation valuation_money disposal_plan disposal_plan_money disposal
		disposal_money request request_money request_item request_event request_event_money
		request_reminder request_trouble change change_money feed fact partner_setting projection projection_public projection_public_mark projection_run projection_run_receipt
		projection_run_input principal principal_role webhook webhook_secret webhook_cursor webhook_attempt webhook_retry
		idempotency_key lease calendar land_pair', 'SELECT', nobody, 'assetd_worker');
	perform pg_temp.rule('page_session', 'SELECT DELETE', nobody, 'assetd_worker');
	perform pg_temp.rule('idempotency_key', 'DELETE', nobody, 'assetd_worker');
	-- Files that were begun and never came.
	perform pg_temp.rule('document', 'DELETE', nobody || $q$ and state = 'UPLOADING'$q$, 'assetd_worker');
	-- Files that are looked at for viruses, and what came of it.
	perform pg_temp.rule('document', 'SELECT', nobody || $q$ and state in ('UPLOADING', 'STORED')$q$, 'assetd_worker');
	perform pg_temp.rule('document', 'UPDATE', nobody || $q$ and state = 'STORED'$q$, 'assetd_worker');
	revoke update on document from assetd_worker;
	grant update (version, published, scan, scan_signature, scanned_at, scan_attempts, scan_due_at)
		on document to assetd_worker;
	perform pg_temp.rule('document_part', 'SELECT', nobody || $q$ and exists (select from document as d
		where d.id = {t}.document_id and d.state = 'STORED' and d.scan in ('NOT_SCANNED', 'PENDING'))$q$, 'assetd_worker');
	perform pg_temp.rule('change', 'INSERT', nobody || $q$ and actor_kind = 'SYSTEM'$q$, 'assetd_worker');
	perform pg_temp.rule('change_money feed webhook_attempt projection_run projection_run_receipt projection_run_input',
		'INSERT', nobody, 'assetd_worker');
	perform pg_temp.rule('projection projection_public webhook_retry lease', 'INSERT UPDATE', nobody, 'assetd_worker');
	perform pg_temp.rule('projection_public_mark', 'INSERT', nobody, 'assetd_worker');
	perform pg_temp.rule('projection_public_mark webhook_retry lease', 'DELETE', nobody, 'assetd_worker');
	perform pg_temp.rule('feed_state webhook webhook_cursor', 'UPDATE', nobody, 'assetd_worker');
	-- What time does, and days that another calendar moves; the asset shows whether it is barred.
	perform pg_temp.rule('request asset', 'UPDATE', nobody, 'assetd_worker');
	revoke update on request, asset from assetd_worker;
	grant update (version, updated_at, effective_on, state, state_on, level, model_state_on, bar_to, allowed, flags,
		deadlines, calendar_version, look_on) on request to assetd_worker;
	grant update (version, updated_at, lifecycle, effective_on, rendered) on asset to assetd_worker;
	perform pg_temp.rule('request_event', 'INSERT', nobody || $q$ and actor_kind = 'SYSTEM'$q$, 'assetd_worker');
	perform pg_temp.rule('land_turn', 'SELECT INSERT UPDATE', nobody, 'assetd_worker');
	perform pg_temp.rule('request_reminder', 'INSERT', nobody, 'assetd_worker');
	perform pg_temp.rule('request_trouble', 'INSERT UPDATE', nobody, 'assetd_worker');
	perform pg_temp.rule('fact', 'INSERT UPDATE', nobody || ' and not is_money', 'assetd_worker');
	revoke update on fact from assetd_worker;
	grant update (known, published) on fact to assetd_worker;
	-- Who looks after a webhook is the letter's alone to know (functions/0090_mail.sql).
	revoke select, update on webhook from assetd_worker;
	grant select (id, version, created_at, updated_at, principal_id, authority_id, url, types, mode, filter, payload, envelope, schema_version,
		per_hour, burst, agreed_per_hour, timeout_s, retry, headers, ca, client_certificate, has_contact, state, state_reason, public_key, removed_at),
		update (version, updated_at, state, state_reason, agreed_per_hour) on webhook to assetd_worker;
end
$$;

-- assetd_owner, who migrates, loads reference data and answers for the definer functions.
do $$
begin
	perform pg_temp.rule('authority authority_duty cpp cpp_partner_kind cpp_partner locality data_zone asset_class
		request_state report_line migration', 'SELECT INSERT UPDATE', 'true', 'assetd_owner');
	perform pg_temp.rule('authority_duty cpp_partner', 'DELETE', 'true', 'assetd_owner');
	perform pg_temp.rule('change', 'INSERT', 'true', 'assetd_owner');
	-- Rendering all assets anew after a release that does it otherwise.
	perform pg_temp.rule('asset', 'SELECT UPDATE', 'true', 'assetd_owner');
	perform pg_temp.rule('asset_owner disposal request land_pair fact', 'SELECT', 'true', 'assetd_owner');
	-- What was told of reports, and who was (functions/0069_report.sql).
	perform pg_temp.rule('report_reminder', 'SELECT INSERT', 'true', 'assetd_owner');
	perform pg_temp.rule('report_version', 'SELECT', 'true', 'assetd_owner');
	-- What the keepers of the law look at (functions/0068_law.sql), and, of events, how cases ended (calibration_counts).
	perform pg_temp.rule('request_event calendar notice', 'SELECT', 'true', 'assetd_owner');
	-- What a projection of then is worked out with.
	perform pg_temp.rule('partner_setting feed', 'SELECT', 'true', 'assetd_owner');
	-- Secrets that another key is to seal (assetd rewrap).
	perform pg_temp.rule('webhook_secret', 'SELECT UPDATE', 'true', 'assetd_owner');
	-- Keys that webhooks are signed with, which anybody may look up.
	perform pg_temp.rule('webhook', 'SELECT', 'true', 'assetd_owner');
	-- Of what changes speak, for changed_since.
	perform pg_temp.rule('change', 'SELECT', 'true', 'assetd_owner');
	-- The keepers of facts, which are fired by what these tables' own rules let through.
	perform pg_temp.rule('valuation disposal_plan request_item', 'SELECT', 'true', 'assetd_owner');
	perform pg_temp.rule('fact', 'INSERT UPDATE', 'true', 'assetd_owner');
	perform pg_temp.rule('community_body', 'SELECT UPDATE', 'true', 'assetd_owner');
	perform pg_temp.rule('page_session change_default change_money_default webhook_attempt_default', 'SELECT', 'true',
		'assetd_owner');
	perform pg_temp.rule('webhook_attempt_default', 'DELETE', 'true', 'assetd_owner');
	-- The first administrator and its key, which nobody else could grant.
	perform pg_temp.rule('principal principal_role api_key', 'SELECT INSERT UPDATE', 'true', 'assetd_owner');
end
$$;

grant select on item_authority, item_cpp, item_locality, item_body, item_asset, item_asset_live, item_valuation, item_plan,
	item_disposal, item_request, item_event, item_webhook, item_import, item_run, item_calendar, item_pair,
	item_report,
	item_document, projection_input, planned_asset, change_shown to assetd_api, assetd_worker;
grant execute on all functions in schema assetd to assetd_api, assetd_worker;
revoke execute on function change_partitions, report_remind, webhook_attempts_prune from assetd_api;
-- Triggers need no right to be fired; who had it could have them fired by a table of its own.
do $$
declare
	f regprocedure;
begin
	for f in select oid from pg_proc where pronamespace = 'assetd'::regnamespace and prosecdef and prorettype = 'trigger'::regtype loop
		execute format('revoke execute on function %s from assetd_api, assetd_worker', f);
	end loop;
end
$$;
revoke execute on function key_lookup, session_lookup from assetd_worker;
