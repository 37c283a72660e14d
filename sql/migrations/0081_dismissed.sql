-- An appeal that is dismissed leads to no notice of the authority's: where what was appealed was an agreement, the time for the offer
-- runs from the decision on the appeal (statute 5.2, T24a; s.84(4)(d)), whatever day a notice is said to have. Only where it is allowed
-- does that run from the authority's new notice, which may follow later.
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
		then coalesce((payload ->> 'offer_by_on')::date >= (coalesce(case when payload ->> 'outcome' = 'ALLOW'
				then (payload ->> 'notice_on')::date end, happened_on) + interval '6 months')::date, false)
		     and (payload ->> 'outcome' in ('CONFIRM', 'DISMISS') or coalesce(payload ->> 'terms' ~ '\S', false))
		else true end;
