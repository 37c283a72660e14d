-- One row of every table for each kind of stranger, for tests/integration/rls_matrix.test.mjs.
--
-- Authority 1 is the actor's own and hides its asset 1; 2 is a stranger that hides its asset 2;
-- 3 is a partner of 1 in a CPP that publishes its asset 3, of which 1 owns a share. Asset 4 is
-- like 3 but hidden. Principals 11 to 15 hold VIEWER, ESTATES, DECIDER, FINANCE, ADMIN on
-- authority 1, 16 is an operator, 92 is at home in authority 2, 93 in 1. id('ast', 1) is
-- ast_00000000000000000000000001.
create function pg_temp.id(prefix text, n int) returns text
	language sql immutable return prefix || '_' || lpad(n::text, 26, '0');
create temp table tenant (n int, a text, published boolean, readers text[]);
insert into tenant
select n, pg_temp.id('aut', n), n = 3, case n when 3 then array[pg_temp.id('aut', 3), pg_temp.id('aut', 1)]
	else array[pg_temp.id('aut', n)] end from generate_series(1, 3) as n;
create temp table person (n int, id text, home text, role text);
insert into person
select n, pg_temp.id('prn', n), pg_temp.id('aut', case n when 92 then 2 else 1 end), role
  from (values (11, 'VIEWER'), (12, 'ESTATES'), (13, 'DECIDER'), (14, 'FINANCE'), (15, 'ADMIN'), (16, null),
	       (92, 'VIEWER'), (93, 'VIEWER')) as v (n, role);

select change_partitions('2026-11-20', 3);
insert into authority (id, name, kind, code) select a, 'Authority ' || n, 'COUNCIL', 'T' || n from tenant;
insert into authority_duty (authority_id, schedule) select a, 3 from tenant;
insert into cpp (id, name, code) select pg_temp.id('cpp', n), 'CPP ' || n, 'T' || n from generate_series(1, 2) as n;
insert into cpp_partner (cpp_id, authority_id)
values (pg_temp.id('cpp', 1), pg_temp.id('aut', 1)), (pg_temp.id('cpp', 1), pg_temp.id('aut', 3)),
       (pg_temp.id('cpp', 2), pg_temp.id('aut', 2));
insert into locality (id, name, code, cpp_id, kind)
select pg_temp.id('loc', n), 'Locality ' || n, 'T' || n, pg_temp.id('cpp', n), 'LOCALITY' from generate_series(1, 2) as n;
insert into model_parameter (version, params) values (1, '{}');
insert into calendar (id, state, number, applied_at, instruments, holidays)
select pg_temp.id('cal', n), case when n = 2 then 'PREVIEWED' else 'APPLIED' end, case when n <> 2 then n end,
       case when n <> 2 then clock_at() end, '{}', '[]' from generate_series(1, 3) as n;

insert into principal (id, authority_id, name, is_operator) select id, home, 'Person ' || n, n = 16 from person;
insert into principal_role (principal_id, authority_id, role) select id, home, role from person where role is not null;
insert into api_key (id, principal_id, prefix, hash, scopes)
select pg_temp.id('key', n), id, 'akey_test_' || lpad(n::text, 12, '0'), decode(lpad(n::text, 64, '0'), 'hex'), '{}' from person;
insert into api_key (id, principal_id, prefix, scopes) select pg_temp.id('key', 1000 + n), id, 'account_' || pg_temp.id('key', 1000 + n), '{*}' from person;
insert into key_act (key_id, version, act, actor, with_key) select pg_temp.id('key', n), 1, 'MADE', id, pg_temp.id('key', n) from person;
insert into page_session (hash, principal_id, key_id, csrf, expires_at)
select decode(lpad(n::text, 64, '0'), 'hex'), id, pg_temp.id('key', n), repeat('c', 22), 'infinity' from person;
insert into forecast_address (id, principal_id, key_id, name, question, hash, expires_at)
select pg_temp.id('fca', n), id, pg_temp.id('key', n), 'Sheet', '', decode(lpad(n::text, 64, '0'), 'hex'), 'infinity' from person;
insert into account (principal_id, key_id, email) select id, pg_temp.id('key', n), n || '@example.org' from person;
insert into account_act (principal_id, version, act, actor) select id, 1, 'MADE', id from person;
insert into account_recovery (principal_id, hash) select id, decode(lpad(n::text, 64, '0'), 'hex') from person;
insert into sign_in_try (who, tries, next_at, forget_at) values (decode(repeat('0', 64), 'hex'), 1, clock_at(), 'infinity');
insert into idempotency_key (principal_id, key, hash, expires_at)
select id, 'k', decode(lpad(n::text, 64, '0'), 'hex'), 'infinity' from person;

insert into asset (id, authority_id, published, name, class, tenure)
select pg_temp.id('ast', n), a, published, 'Asset ' || n, 'HALL', 'OWNED' from tenant
union all
select pg_temp.id('ast', 4), pg_temp.id('aut', 3), false, 'Asset 4', 'HALL', 'OWNED';
insert into asset_owner (asset_id, authority_id, published, owner_id, units)
select id, authority_id, published, authority_id, 1 from asset;
insert into asset_owner (asset_id, authority_id, published, owner_id, units)
select id, authority_id, published, pg_temp.id('aut', 1), 1 from asset where authority_id = pg_temp.id('aut', 3);
insert into asset (id, authority_id, published, name, class, tenure)
select pg_temp.id('ast', 10 + n), a, published, 'Asset beside ' || n, 'HALL', 'OWNED' from tenant;
insert into land_pair (id, authority_id, asset_id, other_id, state, source)
select pg_temp.id('lpr', n), a, pg_temp.id('ast', n), pg_temp.id('ast', 10 + n), 'PROPOSED', 'BOUNDARY' from tenant;
insert into land_turn (authority_id) select a from tenant on conflict do nothing;
insert into valuation (id, effective_on, authority_id, asset_id, published, basis, valued_on, restricted)
select pg_temp.id('val', n + more), '2026-10-01', a, pg_temp.id('ast', n), published, basis, '2026-10-01', more = 0
  from tenant, (values (0, 'MV'), (10, 'INS')) as v (more, basis);
insert into valuation_money (valuation_id, authority_id, asset_id, published, restricted, amount_pence)
select id, authority_id, asset_id, published, restricted, 100 from valuation;
insert into disposal_plan (id, authority_id, asset_id, published, method, stage, planned_on)
select pg_temp.id('pln', n), a, pg_temp.id('ast', n), published, 'SALE', 'MARKETING', '2027-06-15' from tenant;
insert into disposal_plan_money (plan_id, authority_id, asset_id, agreed_price_pence)
select id, authority_id, asset_id, 100 from disposal_plan;
insert into disposal (id, authority_id, asset_id, published, kind, completed_on, gross_pence, cost_pence)
select pg_temp.id('dsp', n), a, pg_temp.id('ast', n), published, 'MARKET', '2026-11-01', 100, 0 from tenant;
insert into disposal_money (disposal_id, authority_id, asset_id, baseline)
select id, authority_id, asset_id, '{}' from disposal;

insert into community_body (id, authority_id, name, legal_form) select pg_temp.id('cbo', n), a, 'Body ' || n, 'SCIO' from tenant;
insert into community_body_contact (authority_id, community_body_id, name)
select a, pg_temp.id('cbo', n), 'Contact ' || n from tenant;
insert into request (id, authority_id, asset_id, published, community_body_id, kind, reference_year, reference_number,
	state, state_on, model_state_on, route)
select pg_temp.id('atr', n), a, pg_temp.id('ast', n), published, pg_temp.id('cbo', n), 'OWNERSHIP', 2026, 1, 'RECEIVED',
       '2026-10-01', '2026-10-01', 'LA_REVIEW' from tenant;
insert into request_money (request_id, authority_id, asset_id, published, offer_pence)
select id, authority_id, asset_id, published, 100 from request;
insert into request_item (request_id, authority_id, published, code) select id, authority_id, published, 'NAME' from request;
insert into request_event (id, authority_id, request_id, published, number, event, happened_on, actor_kind, state_to, level_to)
select pg_temp.id('evt', 10 + n), a, pg_temp.id('atr', n), published, 1, 'SUBMIT', '2026-10-01', 'AUTHORITY', 'RECEIVED',
       'FIRST' from tenant;
insert into request_event_money (event_id, authority_id, request_id, asset_id, payload)
select pg_temp.id('evt', 10 + n), a, pg_temp.id('atr', n), pg_temp.id('ast', n), '{}' from tenant;
insert into representation (id, authority_id, request_id, published, number, channel, received_on, timing, mark, marked_at,
	redacted_text, redacted_at, shown, shown_at)
select pg_temp.id('rep', n + more), a, pg_temp.id('atr', n), published, 1 + more, 'LETTER', '2026-10-10', 'IN_TIME', 'COUNTED', clock_at(),
       'Redacted', clock_at(), more > 0, case when more > 0 then clock_at() end
  from tenant, (values (0), (10)) as v (more);
insert into representation_original (representation_id, authority_id, request_id, text)
select id, authority_id, request_id, 'As it came' from representation where number = 1;
insert into notice (id, authority_id, request_id, published, number, code, variant, event_id, is_public, form, content, missing, drafted_by)
select pg_temp.id('ntc', n), a, pg_temp.id('atr', n), published, 1, 'N4', 'PUBLIC', pg_temp.id('evt', 10 + n), true, '{}', '{}', '[]',
       pg_temp.id('prn', 12) from tenant;
update notice set state = 'ISSUED', dated_on = '2026-11-01', issued_at = clock_at(), issued_by = drafted_by, version = 2;
insert into notice_recipient (notice_id, number, authority_id, kind, manner, recorded_by)
select pg_temp.id('ntc', n), 1, a, 'PUBLIC', 'WEB', pg_temp.id('prn', 12) from tenant;
insert into notice_recipient_contact (notice_id, number, authority_id, name) select pg_temp.id('ntc', n), 1, a, 'Somebody' from tenant;
insert into decision_matter (notice_id, matter, authority_id, request_id, published, text)
select pg_temp.id('ntc', n), 'A', a, pg_temp.id('atr', n), published, 'Weighed' from tenant;
insert into case_officer (request_id, number, authority_id, assigned_by) select pg_temp.id('atr', n), 1, a, pg_temp.id('prn', 12) from tenant;
insert into case_note (request_id, number, authority_id, text, written_by)
select pg_temp.id('atr', n), 1, a, 'Noted', pg_temp.id('prn', 12) from tenant;
insert into proposal (id, request_id, authority_id, act, proposed_by)
select pg_temp.id('prp', n), pg_temp.id('atr', n), a, '{}', pg_temp.id('prn', 12) from tenant;
insert into authority_setting (authority_id) select a from tenant;
insert into request_reminder (request_id, authority_id, published, clock, starts_on, due_on, what, happened_on)
select id, authority_id, published, 'K6', '2026-10-01', '2027-04-01', 'APPROACHING', '2027-03-25' from request;
insert into request_trouble (request_id, work, version, failures, again_at) select id, 'TICK', 1, 1, 'infinity' from request;
insert into representation_draft (id, authority_id, request_id, published, submitted_on, expires_at, text, name, email)
select pg_temp.id('rpd', n), a, pg_temp.id('atr', n), published, '2026-10-10', 'infinity', 'Text', 'Name', 'name' || n || '@example.org' from tenant;
insert into mail (id, authority_id, kind, draft_id) select pg_temp.id('mal', n), a, 'CONFIRM', pg_temp.id('rpd', n) from tenant;
insert into request_draft (id, authority_id, asset_id, published, request_id, submitted_on, expires_at, email, form)
select pg_temp.id('rqd', n), a, pg_temp.id('ast', n), published, pg_temp.id('atr', n + 50), '2026-10-10', 'infinity', 'ask' || n || '@example.org', '{}' from tenant;
insert into request_sent (request_id, number, authority_id, published, code, said_on, text)
select pg_temp.id('atr', n), 1, a, published, 'REASONS', '2026-10-10', 'Text' from tenant;
insert into extension_offer (request_id, number, authority_id, published, event, until_on, reasons, offered_by)
select pg_temp.id('atr', n), 1, a, published, 'EXTEND', '2027-06-01', 'Text', pg_temp.id('prn', 12) from tenant;
insert into answer_link (id, created_by, authority_id, request_id, published, expires_at)
select pg_temp.id('anl', n), pg_temp.id('prn', 12), a, pg_temp.id('atr', n), published, 'infinity' from tenant;
insert into mail (id, authority_id, kind, link_id) select pg_temp.id('mal', n + 10), a, 'ANSWER', pg_temp.id('anl', n) from tenant;
insert into follow (id, kind, rhythm, email, ticket, question, filter, keys, authority_id, principal_id, expires_at, confirmed_at)
select pg_temp.id('fol', n), 'DUE', 'WEEKLY', 'name' || n || '@example.org', '', '', '{}', '{*}', a, pg_temp.id('prn', 10 + n), 'infinity', clock_at() from tenant;
insert into mail (id, kind, follow_id) select pg_temp.id('mal', n + 20), 'DUE', pg_temp.id('fol', n) from tenant;
insert into mail (id, kind, account_id) select pg_temp.id('mal', n + 100), 'INVITE', id from person;
insert into request_reference_counter (authority_id, year, last) select a, 2026, 1 from tenant;

insert into report_reminder (authority_id, year, what, happened_on) select a, 2025, 'MISSED', '2026-06-30' from tenant;
insert into report (id, authority_id, year, published) select pg_temp.id('rpt', n), a, 2025, 1 from tenant;
insert into report_version (report_id, number, authority_id, year, promotion, support, lines)
select pg_temp.id('rpt', n), 1, a, 2025, 'Promotion', 'Support', '[]' from tenant;
insert into report_case (report_id, number, authority_id, line, request_id, event_id, happened_on)
select pg_temp.id('rpt', n), 1, a, 'A', pg_temp.id('atr', n), pg_temp.id('evt', 10 + n), '2025-10-01' from tenant;

insert into change (id, authority_id, readers, is_public, type, subject, subject_seq, actor_kind, data)
select pg_temp.id('evt', n), a, readers, published, 'asset.created', pg_temp.id('ast', n), 1, 'AUTHORITY', '{}' from tenant;
insert into change_money (change_id, authority_id, readers, data) select pg_temp.id('evt', n), a, readers, '{}' from tenant;
insert into feed (position, change_id, change_at, authority_id, readers, is_public, type, subject, subject_seq)
select n, pg_temp.id('evt', n), clock_at(), a, readers, published, 'asset.created', pg_temp.id('ast', n), 1 from tenant;
insert into lease (name, holder, until) values ('test', 'test', 'infinity');

insert into webhook (id, principal_id, authority_id, url) select pg_temp.id('whk', n), id, home, 'https://example.org/' from person;
insert into webhook_secret (webhook_id, number, kind, wrap_key, nonce, sealed)
select pg_temp.id('whk', n), 1, kind, 'k', decode(repeat('00', 12), 'hex'), decode(repeat('00', 48), 'hex') from person, unnest('{HMAC,TLS}'::text[]) as kind;
insert into webhook_cursor (webhook_id, position) select pg_temp.id('whk', n), 0 from person;
insert into webhook_attempt (webhook_id, change_id, number, result) select pg_temp.id('whk', n), pg_temp.id('evt', 1), 1, 'OK' from person;
insert into webhook_retry (webhook_id, change_id, change_at, position, subject, attempts, due_at)
select pg_temp.id('whk', n), pg_temp.id('evt', 1), clock_at(), 1, pg_temp.id('ast', 1), 1, clock_at() from person;

insert into import (id, authority_id, kind, encoding, columns, mapping, counts, sha256, byte_count)
select pg_temp.id('imp', n), a, 'ASSETS', 'UTF-8', '{}', '{}', '{}', repeat('0', 64), 0 from tenant;
insert into mapping (id, authority_id, name, columns) select pg_temp.id('map', n), a, 'Own', '[]' from tenant;
insert into import_line (import_id, authority_id, line, action) select pg_temp.id('imp', n), a, 2, 'SAME' from tenant;
insert into import_promise (import_id, authority_id, move, request) select pg_temp.id('imp', n), a, 'APPLY', 'req_1' from tenant;
insert into partner_setting (authority_id, settings) select a, '{}' from tenant;
insert into receipt_budget (authority_id, version, years, note) select a, 1, '[]', 'N' from tenant;
insert into projection (id, authority_id) select pg_temp.id('prj', n), a from tenant;
insert into projection_public (version, body) values (1, 'x');
insert into projection_public_mark (family, version, marks) values (0, 1, decode(repeat('00', 8), 'hex'));
insert into projection_run (id, authority_id, actor, tag, as_of_on, seed, paths, position, model_version, parameters,
	parameters_hash)
select pg_temp.id('run', n), a, pg_temp.id('prn', case n when 1 then 14 else 92 end), 'BUDGET', '2026-11-21', 1, 10000, 0, '1',
       '{}', '' from tenant;
insert into projection_run_receipt (run_id, scenario, grouping_by, number, body)
select pg_temp.id('run', n), 'LIKELY', 'YEAR', 0, '{}' from tenant;
insert into projection_run_input (run_id, number, body) select pg_temp.id('run', n), 0, '{}' from tenant;
insert into run_ask (run_id, authority_id, principal_id, asked) select pg_temp.id('run', n), a, pg_temp.id('prn', 14), '{}' from tenant;
insert into run_promise (run_id, authority_id, principal_id, tag) select pg_temp.id('run', n), a, pg_temp.id('prn', 14), 'BUDGET' from tenant;
-- Years that were closed by nobody, of which each authority has its share.
insert into projection_run (id, tag, as_of_on, seed, paths, position, model_version, parameters, parameters_hash, year_end_on)
select pg_temp.id('run', n + 10), 'QUARTER', make_date(2020 + n, 3, 31), 1, 10000, 1, '1', '{}', 'x', make_date(2020 + n, 3, 31) from tenant;
insert into projection_run_receipt (run_id, scenario, grouping_by, filter, number, body)
select pg_temp.id('run', n + 10), 'LIKELY', 'YEAR', 'authority_id=' || pg_temp.id('aut', n), n, '{}' from tenant;

insert into document (id, authority_id, asset_id, parent_published, state, kind, title, file_name, received_on, published, redaction,
	redaction_at, retention, retention_from, retention_months, media_type, byte_count, sha256, crc32)
select pg_temp.id('doc', n + more), a, pg_temp.id('ast', n), published, case more when 0 then 'STORED' else 'UPLOADING' end, 'OTHER', 'T', 'f',
       '2026-11-01', published and more = 0, 'NOT_NEEDED', clock_at(), 'WORKING', 'RECEIVED', 12, 'text/plain', 1, sha256('a'), 0
  from tenant, (values (0), (10)) as v (more);
insert into document (id, authority_id, asset_id, parent_published, state, kind, title, file_name, received_on, redaction, retention,
	retention_from, retention_months, media_type, byte_count, sha256, crc32, scan)
select pg_temp.id('doc', n + 20), a, pg_temp.id('ast', n), published, 'STORED', 'OTHER', 'T', 'f', '2026-11-01', 'UNCHECKED', 'WORKING', 'RECEIVED',
       12, 'text/plain', 1, sha256('a'), 0, 'PENDING' from tenant;
insert into document_part (document_id, authority_id, number, bytes, sha256)
select id, authority_id, 0, 'a', sha256('a') from document where state = 'STORED';
