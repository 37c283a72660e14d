-- A refusal without grounds by a side door: a review whose outcome alone refused, and an entry that decides nothing and led to a
-- refusal all the same (2015 Act s.82(5); statute 22). The daemon writes neither; now nobody can. A review that confirms has the
-- grounds of what it confirms, which functions/0068_law.sql asks for.
set local role assetd_owner;
set local search_path = assetd, public;

create or replace function decision_stands(event text, state_to text, happened_on date, payload jsonb) returns boolean
	language sql immutable
	return case
		when event = 'REFUSE' or event = 'REVIEW_DECIDED' and payload ->> 'outcome' is distinct from 'CONFIRM'
			and (payload ->> 'decision' = 'REFUSE' or state_to in ('REFUSED_AFTER_REVIEW', 'CLOSED_REFUSED'))
		then coalesce(payload @? '$.grounds[*] ? (@.text like_regex "[^ \t\r\n]")', false)
		when event = 'AGREE' then coalesce(payload ->> 'terms' ~ '\S', false)
		when event in ('REVIEW_DECIDED', 'APPEAL_DECIDED') and state_to = 'AGREED'
		then coalesce((payload ->> 'offer_by_on')::date
			>= (coalesce((payload ->> 'notice_on')::date, happened_on) + interval '6 months')::date, false)
		     and (payload ->> 'outcome' in ('CONFIRM', 'DISMISS') or coalesce(payload ->> 'terms' ~ '\S', false))
		else true end;

-- What leaves a refusal as it was is not asked: a late challenge, a representation.
alter table request_event add constraint request_event_refusal_is_decided
	check (state_to is not distinct from state_from or case state_to
		when 'REFUSED' then event = 'REFUSE'
		when 'REFUSED_AFTER_REVIEW' then event = 'REVIEW_DECIDED'
		when 'CLOSED_REFUSED' then event in ('RIGHT_LAPSED', 'REVIEW_DECIDED', 'APPEAL_DECIDED')
		else true end) not valid;

do $$
begin
	alter table request_event validate constraint request_event_refusal_is_decided;
exception when check_violation then
	raise warning 'older rows of request_event break request_event_refusal_is_decided: it holds for what is written from now on';
end
$$;
