-- Notices, cases and settings: after 0010_policies.sql, by whose rule() and holds() this is written.
--
-- Everybody reads what was issued of the notices that are published; all else is for the authority's
-- members. Names and addresses of recipients are for those who issue notices.
set local role assetd_owner;
set local search_path = assetd, public;

do $$
declare
	member  constant text := pg_temp.holds('member');
	officer constant text := pg_temp.holds('estates decider');
	manages constant text := pg_temp.holds('admin') || ' or (select actor_is_operator())';
begin
	perform pg_temp.rule('notice', 'SELECT', $q$published and is_public and state = 'ISSUED' or $q$ || member);
	perform pg_temp.rule('notice', 'INSERT UPDATE', officer);
	perform pg_temp.rule('notice', 'DELETE', officer || $q$ and state = 'DRAFT'$q$);
	perform pg_temp.rule('notice_recipient', 'SELECT', member);
	perform pg_temp.rule('notice_recipient', 'INSERT UPDATE', officer);
	perform pg_temp.rule('notice_recipient_contact', 'SELECT INSERT UPDATE DELETE', officer);
	perform pg_temp.rule('decision_matter', 'SELECT',
		'exists (select from notice as n where n.id = {t}.notice_id)');
	perform pg_temp.rule('decision_matter', 'INSERT', officer);
	perform pg_temp.rule('case_officer case_note', 'SELECT', member);
	perform pg_temp.rule('case_officer case_note', 'INSERT', officer);
	perform pg_temp.rule('proposal', 'SELECT INSERT UPDATE', officer);
	perform pg_temp.rule('authority_setting', 'SELECT', member || ' or (select actor_is_operator())');
	perform pg_temp.rule('authority_setting', 'INSERT UPDATE', manages);
end
$$;

grant select on item_notice, item_case, item_setting to assetd_api;
