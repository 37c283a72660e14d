-- What statute 22 calls a constraint and takes more than one row to say. Each is a trigger of its own, which bears the rule's name
-- and asks only when what it is about has changed: older rows are left alone. Those that look at what one act writes in several
-- statements, as a correction does, ask at the end of the transaction. They run with their owner's rights, so that no reader's
-- rules hide from them what they have to count. The daemon says better what is wrong, and says it first; these are the floor.
set local role assetd_owner;
set local search_path = assetd, public;

-- Refuses as a CHECK of that name would.
create or replace function law(holds boolean, rule text) returns boolean
	language plpgsql
as $$
begin
	if holds is not true then
		raise exception 'the law does not allow this: %', rule using errcode = 'check_violation', constraint = rule;
	end if;
	return true;
end
$$;

-- What the ledger says now, the oldest first: without what another entry stands for.
create or replace function ledger_standing(target text) returns setof request_event
	language sql stable
as $$
	select * from request_event as e where e.request_id = target and e.superseded_by is null
	 order by coalesce(e.place, e.number), e.number
$$;

-- The items that the law was seen to ask of a request (statute 7.1, marks C and G). What else is asked stands in request_item.
create or replace function items_of_law(kind text) returns text[]
	language sql immutable parallel safe
	return array_append('{WRITING,PART5,NAME,ADDRESS,BODY,LAND,TYPE,REASONS,BENEFITS,TERMS,FUNDING}'::text[],
		case kind when 'OWNERSHIP' then 'PRICE' when 'LEASE' then 'RENT' else 'RIGHTS' end);

-- A request counts as made on the day on which its last item arrived, and not before all have.
create or replace function request_validation_law() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	r request;
begin
	select * into r from request as q where q.id = (to_jsonb(new) ->> tg_argv[0]);
	if r.validated_on is not null then
		perform law((select coalesce(bool_and(i.received_on is not null) and max(i.received_on) = r.validated_on
				and array_agg(i.code::text) @> items_of_law(r.kind), false)
			       from request_item as i where i.request_id = r.id), 'request_validation_date');
	end if;
	return null;
end
$$;

-- Land that is to be the body's own is the authority's own, and the body is one that may own (ss.79(2), 80), or an officer said
-- why it counts all the same. As the register is when it is said: members may leave later, and land of which a request names the
-- entry afterwards says nothing of the body.
create or replace function request_owner_law() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	b         community_body;
	is_linked constant boolean := tg_op = 'UPDATE' and old.validated_on is not null and old.override_reason is null
		and (old.kind, old.community_body_id) = (new.kind, new.community_body_id);
begin
	select * into b from community_body as c where c.id = new.community_body_id;
	perform law((is_linked or b.legal_form in ('COMPANY', 'SCIO', 'BENCOM') and coalesce(b.members >= 20, true)
		and not (b.legal_form in ('COMPANY', 'BENCOM') and 'WINDING_UP' = any (b.unmet)))
		and not exists (select from asset as a where a.id = new.asset_id and a.tenure = 'LEASED_IN'), 'request_owner_is_eligible');
	return null;
end
$$;

-- Each longer period was agreed on the last day of the one that it lengthens or before, and ends later; the deadlines that are
-- kept for the decision say six months from validation, or the newest of those days.
create or replace function request_due_law() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	r   request;
	e   request_event;
	due date;
begin
	select * into r from request as q where q.id = (to_jsonb(new) ->> tg_argv[0]);
	if r.validated_on is null then
		return null;
	end if;
	due := r.validated_on + interval '6 months';
	perform law(exists (select from jsonb_array_elements(r.deadlines) as d where d ->> 'clock' = 'K6'
		and (d ->> 'starts_on')::date = r.validated_on and (d ->> 'due_on')::date = due), 'request_decision_due');
	for e in select * from ledger_standing(r.id) as l where l.event = 'EXTEND' loop
		perform law(coalesce((e.payload ->> 'agreed_on')::date, e.happened_on) <= due
			and (e.payload ->> 'until_on')::date > due, 'request_longer_period');
		due := e.payload ->> 'until_on';
	end loop;
	perform law(due = (select (d.one ->> 'due_on')::date from jsonb_array_elements(r.deadlines) with ordinality as d (one, n)
		where d.one ->> 'clock' in ('K6', 'K7') order by d.n desc limit 1), 'request_decision_due');
	return null;
end
$$;

-- A review that confirms a refusal says nothing new: there is one to confirm, with the grounds that it gave (s.82(5)).
create or replace function request_confirmed_law() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	perform law(exists (select from ledger_standing(new.request_id) as e
		where e.event = 'REFUSE' and ledger_place(e) < ledger_place(new)), 'request_confirmed_refusal');
	return null;
end
$$;

-- A request stands where its ledger leads, so that nobody is refused by a word that no decision stands behind.
create or replace function request_state_law() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	r request;
	e request_event;
begin
	select * into r from request as q where q.id = new.id;
	select * into e from ledger_standing(r.id) as l order by coalesce(l.place, l.number) desc, l.number desc limit 1;
	perform law(case when e.id is null then r.state in ('ENQUIRY', 'EXPRESSION_OF_INTEREST', 'RECEIVED') and r.level = 'FIRST'
		else r.state = e.state_to and r.level = e.level_to end, 'request_state_is_told');
	return null;
end
$$;

-- The bar ends on the day of what ended it, an entry that led to where none is or a direction that lifted it; it has ended where a
-- request stands that bars no more; and what says that it never held, or no longer, was said in the ledger.
create or replace function request_bar_law() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	r request;
begin
	select * into r from request as q where q.id = new.id;
	perform law(r.bar_to is null or exists (select from ledger_standing(r.id) as e join request_state as s on s.code = e.state_to
		where e.happened_on = r.bar_to and (e.event = 'BAR_LIFTED' or not s.bars)), 'request_bar_end');
	perform law(r.bar_from is null or r.bar_to is not null
		or exists (select from request_state as s where s.code = r.state and s.bars), 'request_bar_end');
	perform law((r.bar_exemption is null or exists (select from ledger_standing(r.id) as e
			where e.event = 'BAR_LIFTED' and e.payload ->> 'exemption' = r.bar_exemption
			   or e.event = 'VALIDATE' and e.payload -> 'bar' ->> 'exemption' = r.bar_exemption))
		and (r.prohibits or exists (select from ledger_standing(r.id) as e
			where e.event = 'VALIDATE' and e.payload -> 'bar' ->> 'prohibits' = 'false')), 'request_bar_exemption_is_told');
	return null;
end
$$;

-- No bar runs over the land of a request only where what exempts it is named (section 84; statute 9). Requests that an older release
-- took without stay as they were told of; none becomes so.
create or replace function request_exempt_law() returns trigger
	language plpgsql
as $$
begin
	perform law(new.prohibits or new.bar_exemption is not null, 'request_bar_ends_by_exemption');
	return new;
end
$$;

-- Whoever agrees has said of each matter of section 82(3) how it was weighed (statute 5.2, T13 and T20). What an older release recorded
-- without is put down again as it was, where the correction of something else moves it.
create or replace function request_weighed_law() returns trigger
	language plpgsql
as $$
begin
	perform law((select count(distinct m ->> 'matter') = 14
			from jsonb_path_query(new.payload, '$.matters[*] ? (@.text like_regex "[^ \t\r\n]")') as m
			where m ->> 'matter' in ('A', 'B', 'C1', 'C2', 'C3', 'C4', 'C5', 'D', 'E', 'F', 'G', 'H', 'I', 'J'))
		or exists (select from request_event as e
			where e.request_id = new.request_id and e.id <> new.id and (e.event, e.payload, e.recorded_at) = (new.event, new.payload, new.recorded_at)
			  and e.actor is not distinct from new.actor), 'request_event_matters_are_weighed');
	return new;
end
$$;

-- A challenge that arrived too late is in the ledger and moved nothing, and the request says so; one that came on the very day
-- on which its right opened waits for the end of that day.
create or replace function request_late_law() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	target text := to_jsonb(new) ->> tg_argv[0];
begin
	perform law(not exists (select from ledger_standing(target) as e
			where e.event in ('REVIEW_APPLIED', 'APPEAL_LODGED', 'NO_CONTRACT_APPEAL_LODGED') and e.state_to = e.state_from)
		or exists (select from request as r where r.id = target and r.flags && '{LATE_CHALLENGE,CHALLENGE_ON_LAST_DAY}'),
		'request_late_challenge_is_flagged');
	return null;
end
$$;

-- The first day on which a closing date may lie: as many working days on as the calendars that stand set it, else as practice has
-- it (20, after the day itself). All weekdays count but 25 and 26 December, 1 and 2 January (statute 17.1, FIXED_DAYS).
create or replace function closing_least(rule text, start date) returns date
	language plpgsql stable
as $$
declare
	period record;
begin
	select (x ->> 'length')::int as length, x ->> 'mode' as mode into period
	  from calendar as c, jsonb_array_elements(c.clocks) as x
	 where c.id = calendar_standing() and x ->> 'clock' = rule and (x ->> 'from_on')::date <= start
	 order by (x ->> 'from_on')::date desc limit 1;
	return (select d::date
		from generate_series(start + case period.mode when 'BEGINNING' then 0 else 1 end,
			start + 2 * coalesce(period.length, 20) + 14, interval '1 day') as d
		where extract(isodow from d) < 6 and to_char(d, 'MMDD') not in ('1225', '1226', '0101', '0102')
		order by d offset coalesce(period.length, 20) - 1 limit 1);
end
$$;

-- A closing date that is printed leaves at least the days that regs 6 to 8 want.
create or replace function request_closing_law() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	is_sent constant boolean := new.event = 'REPRESENTATIONS_SENT';
	close   constant date := new.payload ->> case when is_sent then 'comments_close_on' else 'representations_close_on' end;
begin
	perform law(close >= closing_least(case when is_sent then 'K5' else 'K4' end, new.happened_on), 'request_closing_date');
	return null;
end
$$;

-- What takes a notice's place is a notice of its kind that was issued, and no earlier: round in a circle none would be current.
create or replace function notice_chain_law() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	perform law(exists (select from notice as n where n.id = new.superseded_by and n.code = new.code and n.state = 'ISSUED'
		and n.issued_at >= new.issued_at and n.superseded_by is distinct from new.id), 'notice_gives_way_to_a_newer');
	return null;
end
$$;

-- Land under a bar is not contracted away (section 84): a plan reaches MISSIVES only where none runs, or with an exemption that
-- holds against each, or as the contract of a request that was concluded. One that stood there before the request was made stays:
-- what was concluded was. The land's turn first, as with a disposal.
create or replace function plan_bar_law() returns trigger
	language plpgsql
as $$
begin
	perform land_hold(new.authority_id);
	perform from asset where id = new.asset_id for no key update;
	perform must(not exists (select from missives_bars(new.asset_id) as b
		where not exemption_holds(new.exemption, new.exemption_dated_on, b.validated_on)), 56);
	return new;
end
$$;

-- A request's own bar does not stop what comes of it: its completion, and nothing that borrows its name (section 84).
create or replace function disposal_request_law() returns trigger
	language plpgsql
as $$
begin
	perform law(exists (select from request as r where r.id = new.request_id and r.state = 'COMPLETED'), 'disposal_completes_request');
	return null;
end
$$;

-- A disposal that was undone did not happen: to say otherwise is another disposal, which asks for the bars of its day.
create or replace function disposal_undo_law() returns trigger
	language plpgsql
as $$
begin
	perform law(new.undone_at = old.undone_at, 'disposal_stays_undone');
	return new;
end
$$;

create or replace trigger guard_missives before insert on disposal_plan
	for each row when (new.stage = 'MISSIVES' and new.method <> 'NONE') execute function plan_bar_law();
create or replace trigger guard_missives_move before update of stage, method, asset_id, exemption, exemption_dated_on on disposal_plan
	for each row when (new.stage = 'MISSIVES' and new.method <> 'NONE' and (old.stage is distinct from 'MISSIVES' or old.method = 'NONE'
		or new.method <> old.method or new.asset_id <> old.asset_id
		or (old.exemption, old.exemption_dated_on) is distinct from (new.exemption, new.exemption_dated_on)))
	execute function plan_bar_law();
create or replace trigger guard_undone before update of undone_at on disposal
	for each row when (old.undone_at is not null) execute function disposal_undo_law();
create or replace trigger law_closing after insert on request_event
	for each row when (new.event in ('NOTICES_ISSUED', 'REPRESENTATIONS_SENT')) execute function request_closing_law();

create or replace trigger law_weighed before insert on request_event
	for each row when (new.event = 'AGREE' or new.event = 'REVIEW_DECIDED' and new.state_to = 'AGREED'
		and new.payload ->> 'outcome' is distinct from 'CONFIRM') execute function request_weighed_law();

-- `or replace` is not for constraint triggers.
drop trigger if exists law_validation on request;
create constraint trigger law_validation after insert on request deferrable initially deferred
	for each row when (new.validated_on is not null) execute function request_validation_law('id');
drop trigger if exists law_validation_move on request;
create constraint trigger law_validation_move after update on request deferrable initially deferred
	for each row when (new.validated_on is not null and (old.validated_on, old.kind) is distinct from (new.validated_on, new.kind))
	execute function request_validation_law('id');
drop trigger if exists law_validation on request_item;
create constraint trigger law_validation after insert or update on request_item deferrable initially deferred
	for each row execute function request_validation_law('request_id');

drop trigger if exists law_owner on request;
create constraint trigger law_owner after insert on request deferrable initially deferred
	for each row when (new.kind = 'OWNERSHIP' and new.validated_on is not null and new.override_reason is null)
	execute function request_owner_law();
drop trigger if exists law_owner_move on request;
create constraint trigger law_owner_move after update on request deferrable initially deferred
	for each row when (new.kind = 'OWNERSHIP' and new.validated_on is not null and new.override_reason is null
		and (old.validated_on is null or old.override_reason is not null or old.kind <> new.kind
			or (old.asset_id, old.community_body_id) is distinct from (new.asset_id, new.community_body_id)))
	execute function request_owner_law();

drop trigger if exists law_due on request;
create constraint trigger law_due after insert on request deferrable initially deferred
	for each row when (new.validated_on is not null) execute function request_due_law('id');
drop trigger if exists law_due_move on request;
create constraint trigger law_due_move after update on request deferrable initially deferred
	for each row when (new.validated_on is not null
		and (old.validated_on is distinct from new.validated_on or old.deadlines <> new.deadlines))
	execute function request_due_law('id');
drop trigger if exists law_due on request_event;
create constraint trigger law_due after insert or update on request_event deferrable initially deferred
	for each row when (new.event = 'EXTEND') execute function request_due_law('request_id');

drop trigger if exists law_state on request;
create constraint trigger law_state after insert on request deferrable initially deferred
	for each row when (new.state not in ('ENQUIRY', 'EXPRESSION_OF_INTEREST', 'RECEIVED')) execute function request_state_law();
drop trigger if exists law_state_move on request;
create constraint trigger law_state_move after update on request deferrable initially deferred
	for each row when ((old.state, old.level) is distinct from (new.state, new.level)) execute function request_state_law();

drop trigger if exists law_confirmed on request_event;
create constraint trigger law_confirmed after insert on request_event deferrable initially deferred
	for each row when (new.event = 'REVIEW_DECIDED' and new.payload ->> 'outcome' = 'CONFIRM'
		and new.state_to in ('REFUSED_AFTER_REVIEW', 'CLOSED_REFUSED'))
	execute function request_confirmed_law();

drop trigger if exists law_bar on request;
create constraint trigger law_bar after insert on request deferrable initially deferred
	for each row when (new.bar_from is not null) execute function request_bar_law();
drop trigger if exists law_bar_move on request;
create constraint trigger law_bar_move after update on request deferrable initially deferred
	for each row when (new.bar_from is not null
		and (old.bar_from, old.bar_to, old.state, old.prohibits, old.bar_exemption)
			is distinct from (new.bar_from, new.bar_to, new.state, new.prohibits, new.bar_exemption))
	execute function request_bar_law();

create or replace trigger law_exempt before insert on request
	for each row when (not new.prohibits and new.bar_from is not null) execute function request_exempt_law();
create or replace trigger law_exempt_move before update of prohibits, bar_exemption, bar_from on request
	for each row when (not new.prohibits and new.bar_from is not null
		and (old.prohibits or old.bar_exemption is not null or old.bar_from is null)) execute function request_exempt_law();

drop trigger if exists law_completes on disposal;
create constraint trigger law_completes after insert on disposal deferrable initially deferred
	for each row when (new.request_id is not null) execute function disposal_request_law();

drop trigger if exists law_late on request;
create constraint trigger law_late after update on request deferrable initially deferred
	for each row when (old.flags <> new.flags) execute function request_late_law('id');
drop trigger if exists law_late on request_event;
create constraint trigger law_late after insert on request_event deferrable initially deferred
	for each row when (new.event in ('REVIEW_APPLIED', 'APPEAL_LODGED', 'NO_CONTRACT_APPEAL_LODGED') and new.state_to = new.state_from)
	execute function request_late_law('request_id');

drop trigger if exists law_chain on notice;
create constraint trigger law_chain after update on notice deferrable initially deferred
	for each row when (new.superseded_by is not null and old.superseded_by is null) execute function notice_chain_law();
