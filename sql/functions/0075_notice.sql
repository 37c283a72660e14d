-- Notices, decisions and cases: what a notice is drafted from, and what must never be so of one.
set local role assetd_owner;
set local search_path = assetd, public;

-- The last of these events, still standing, before an entry of the ledger.
drop function if exists request_event_before(text, int, text[]);
create or replace function request_event_before(act request_event, events text[]) returns request_event
	language sql stable
as $$
	select e from request_event as e
	 where e.request_id = act.request_id and e.superseded_by is null and ledger_place(e) < ledger_place(act)
	   and e.event = any (events)
	 order by ledger_place(e) desc limit 1
$$;

-- What the register holds that a notice of an act is drafted from (libassets/notice/notice_facts.def). A
-- review that confirms says nothing new: its terms or grounds are those of the decision before.
create or replace function notice_facts(target text, act text) returns jsonb
	language sql stable
as $$
	select jsonb_build_object('authority_name', o.name, 'body_name', b.name, 'reference', r.reference,
		'land', coalesce(a.name || coalesce(', ' || a.address, ''), r.land ->> 'description'),
		'kind', r.kind, 'reasons', r.reasons, 'route', r.route, 'validated_on', r.validated_on,
		'prohibits', r.prohibits, 'bar_exemption', r.bar_exemption, 'bar_dated_on', r.bar_dated_on,
		'items', (select jsonb_agg(jsonb_build_object('code', i.code, 'received_on', i.received_on) order by i.code)
			    from request_item as i where i.request_id = r.id),
		'others', (select string_agg(x.reference, ', ' order by x.validated_on, x.id) from land_requests(r.asset_id, r.id) as l
			    join request as x on x.id = l.request_id
			    join request_state as s on s.code = x.state and s.is_statutory),
		'barred_first', (select string_agg(b.reference, ', ' order by b.validated_on, b.request_id)
				   from bars_of(r.asset_id, clock_day(), r.id) as b),
		'dates', (select jsonb_agg(jsonb_only(d.date, '{clock,starts_on,due_on,state}') order by d.n)
			    from jsonb_array_elements(r.deadlines) with ordinality as d (date, n)),
		'clocks', (select c.clocks from calendar as c where c.id = request_calendar(r)),
		'inspect_at', g.inspect_at, 'respond_to', g.respond_to,
		'offered_on', (request_event_before(e, '{OFFER}')).happened_on,
		'moved_to_on', case e.event
			when 'EXTEND' then (request_event_before(e, '{EXTEND}')).payload ->> 'until_on'
			when 'EXTEND_CONTRACT' then (request_event_before(e, '{EXTEND_CONTRACT,DIRECTION_GIVEN,NO_CONTRACT_APPEAL_DECIDED}')).payload ->> 'until_on' end,
		'event', e.event, 'on', e.happened_on, 'state_from', e.state_from, 'state_to', e.state_to, 'level_to', e.level_to,
		'missing_items', e.payload -> 'items', 'act_reasons', e.payload -> 'reasons', 'earlier', e.payload -> 'earlier',
		'earlier_reference', (select x.reference from request as x where x.id = e.payload ->> 'earlier_request_id'))
		|| jsonb_build_object('terms', said.payload -> 'terms', 'terms_differ', said.payload -> 'terms_differ',
			'grounds', said.payload -> 'grounds', 'matters', said.payload -> 'matters',
			'offer_by_on', e.payload -> 'offer_by_on', 'notice_on', e.payload -> 'notice_on',
			'until_on', e.payload -> 'until_on', 'agreed_on', e.payload -> 'agreed_on',
			'is_by_link', e.actor_kind = 'COMMUNITY_BODY' and e.actor like 'anl\_%',
			'comments_close_on', e.payload -> 'comments_close_on',
			'copies', case e.event when 'REPRESENTATIONS_SENT' then (select jsonb_agg(jsonb_build_object('number', p.number,
				'received_on', p.received_on) order by p.number) from (select c.number, c.received_on from representation as c
				 where c.request_id = r.id and c.copied_at is not null order by c.number limit 1000) as p) end,
			'representations_close_on', e.payload -> 'representations_close_on')
	  from request as r
	  join authority as o on o.id = r.authority_id
	  join community_body as b on b.id = r.community_body_id
	  left join asset as a on a.id = r.asset_id
	  left join authority_setting as g on g.authority_id = r.authority_id
	  join request_event as e on e.request_id = r.id and e.id = act
	 cross join lateral (select case when e.payload ->> 'outcome' = 'CONFIRM'
			then coalesce((request_event_before(e, '{AGREE,REFUSE}')).payload, '{}') || e.payload
			else e.payload end as payload) as said
	 where r.id = target
$$;

-- The deadlines that a notice names, each the newest of its clock, with how they were worked out.
create or replace function notice_dates(deadlines jsonb, content jsonb) returns jsonb
	language sql immutable
as $$
	select coalesce(jsonb_agg(x.date order by x.n), '[]')
	  from (select distinct on (d.date ->> 'clock') d.date, d.n
		  from jsonb_array_elements(deadlines) with ordinality as d (date, n)
		 where d.date ->> 'clock' in (select s ->> 'clock' from jsonb_array_elements(content -> 'sections') as s)
		 order by d.date ->> 'clock', d.n desc) as x
$$;

-- What is amiss where somebody is served so late that too few days are left to answer; null: nothing. It is recorded all the
-- same, for it is what happened.
create or replace function notice_late(n notice, served_on date) returns text
	language sql stable
	return case when served_on > n.serve_by_on then format('Served after %s: fewer working days than the law wants are left to '
		'answer. Consider recording a later closing date, and giving the notice of that.',
		to_char(n.serve_by_on, 'FMDD FMMonth YYYY')) end;

-- True where a decision needs a second person.
create or replace function second_person(authority text) returns boolean
	language sql stable
as $$
	select coalesce((select s.second_person from authority_setting as s where s.authority_id = authority), false)
$$;

-- What was issued stays as it is, but that another may take its place, once; only a draft is taken
-- away. A decision notice has every matter recorded (an appeal's follows what Ministers weighed), and
-- a second person where the authority wants one; so has the notice that a repeat is declined.
create or replace function notice_guard() returns trigger
	language plpgsql
as $$
begin
	if tg_op = 'DELETE' and old.state <> 'DRAFT' then
		raise exception 'a notice that was issued is not deleted' using errcode = 'insufficient_privilege';
	elsif tg_op = 'UPDATE' and old.state = 'ISSUED' then
		perform must(to_jsonb(old) - '{version,updated_at,superseded_by,published}'::text[]
			= to_jsonb(new) - '{version,updated_at,superseded_by,published}'::text[]
			and (old.superseded_by is null or old.superseded_by = new.superseded_by), 85);
	elsif tg_op <> 'DELETE' and new.state = 'ISSUED' and new.code in ('N7', 'N13') then
		perform must(not second_person(new.authority_id) or new.issued_by <> new.drafted_by, 87);
		perform must(new.code <> 'N7' or new.variant = 'APPEAL_AGREED'
			or (select count(*) from decision_matter as m where m.notice_id = new.id) = 14, 84);
	end if;
	return coalesce(new, old);
end
$$;

create or replace trigger guard before insert or update or delete on notice
	for each row execute function notice_guard();

-- Who was told of it, and when, stays as it was recorded; only what was still to be served is filled in.
create or replace function notice_recipient_guard() returns trigger
	language plpgsql
as $$
begin
	perform must(old.served_on is null and (new.notice_id, new.number, new.authority_id, new.kind)
		= (old.notice_id, old.number, old.authority_id, old.kind), 85);
	return new;
end
$$;

create or replace trigger guard before update on notice_recipient
	for each row execute function notice_recipient_guard();
create or replace trigger keep before delete on notice_recipient
	for each row execute function row_refuse();
create or replace trigger append_only before update or delete on decision_matter
	for each row when (pg_trigger_depth() = 0) execute function row_refuse();

-- Where an authority wants a second pair of eyes, no decision is recorded (events of request.def whose rows say
-- second_person_approves), and none corrected, that
-- another has not approved in this very transaction; nor is a completion, whose correction gives land back that was disposed of
-- or disposes of it otherwise. One that a correction of something else puts
-- in the place of itself, word for word, is none.
create or replace function is_approved(target text, event text, approved_by text) returns boolean
	language sql stable
as $$
	select exists (select from proposal as p where p.event_id = event and p.request_id = target
		and p.state = 'APPROVED' and p.decided_by = approved_by)
$$;

create or replace function decision_guard() returns trigger
	language plpgsql
as $$
declare
	stands_for text := case when tg_op = 'INSERT' then new.id else new.superseded_by end;
begin
	perform must(not second_person(new.authority_id) or is_approved(new.request_id, stands_for, actor_id())
		or exists (select from request_event as e
			where e.request_id = new.request_id and e.id <> new.id and e.event = new.event and e.payload = new.payload
			  and e.actor = new.actor and e.recorded_at = new.recorded_at and e.happened_on = new.happened_on
			  and case when tg_op = 'INSERT' then e.superseded_by is null else e.id = new.superseded_by end), 87);
	return new;
end
$$;

create or replace trigger decision_guard before insert on request_event
	for each row when (new.event in ('AGREE', 'REFUSE', 'REVIEW_DECIDED', 'INELIGIBLE', 'DECLINE_REPEAT', 'CLOSE')) execute function decision_guard();
create or replace trigger decision_guard_end before update of superseded_by on request_event
	for each row when (old.event in ('AGREE', 'REFUSE', 'REVIEW_DECIDED', 'INELIGIBLE', 'DECLINE_REPEAT', 'CLOSE', 'COMPLETE') and old.superseded_by is null
		and new.superseded_by is not null) execute function decision_guard();

-- Those who may deal with the cases of an authority, by name, for its own members: who holds ESTATES or
-- DECIDER there. People's rows are not theirs to read, and no more than the name is shown.
create or replace function colleagues(authority text) returns table (id text, name text)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select p.id::text, p.name
	  from principal as p
	 where p.closed_at is null
	   and (authority = any (actor_in('member')) or actor_everywhere('member'))
	   and exists (select from principal_role as r where r.principal_id = p.id and r.role in ('ESTATES', 'DECIDER')
			and (r.authority_id = authority or r.authority_id is null))
	 order by p.name, p.id
$$;

-- All notices of a request for its case, the first made first; served_on: the last day on which one of those whom it went to had it, null
-- while that of another is not recorded.
create or replace function notices_listed(request text) returns json
	language sql stable
as $$
	select coalesce(json_agg(json_build_object('notice_id', n.id, 'code', n.code, 'notice_title', n.content ->> 'title', 'notice_state', n.state,
			'dated_on', n.dated_on, 'superseded_by', n.superseded_by, 'served_on', s.served_on) order by n.number), '[]')
	  from notice as n
	 cross join lateral (select case when count(*) = count(p.served_on) then max(p.served_on) end as served_on
			       from notice_recipient as p where p.notice_id = n.id) as s
	 where n.request_id = request
$$;
