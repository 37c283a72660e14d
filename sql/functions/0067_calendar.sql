-- What clocks are counted from: a request's ledger, and the calendars that stand.
set local role assetd_owner;
set local search_path = assetd, public;

-- What has happened to a request, as far as its clocks need it, the oldest first (libassets/ledger_entry.def).
create or replace function request_ledger(target text) returns jsonb
	language sql stable
as $$
	select coalesce(jsonb_agg(coalesce(jsonb_only(e.payload, '{offer_by_on,until_on,notice_on,agreed_on,
				acknowledged_on,representations_close_on,comments_close_on,terms_differ}'), '{}')
			|| jsonb_build_object('id', e.id, 'event', e.event, 'on', e.happened_on,
				'state_from', e.state_from, 'state_to', e.state_to, 'level_to', e.level_to,
				'is_incomplete', e.state_to = 'RECEIVED' and e.event in ('RECEIVED', 'SUBMIT')
					and exists (select from request_item as i where i.request_id = target
						and (i.received_on is null or i.received_on > e.happened_on)),
				'is_set_aside', e.event = 'REPRESENTATION_RECEIVED'
					and exists (select from representation as p where p.event_id = e.id)
					and not exists (select from representation as p where p.request_id = target
						and p.kind = 'REPRESENTATION' and p.mark in ('UNREAD', 'COUNTED') and p.timing <> 'LATE'))
			order by e.number), '[]')
	  from request_event as e where e.request_id = target and e.superseded_by is null
$$;

-- The version of the calendars that stands; null: none was ever applied, and the rules alone count.
create or replace function calendar_standing() returns text
	language sql stable
as $$
	select c.id::text from calendar as c where c.number is not null order by c.number desc limit 1
$$;

-- A version of the calendars as libassets reads it (calendar_version.def); without one all is null.
create or replace function calendar_fields(c calendar) returns jsonb
	language sql stable
as $$
	select jsonb_build_object('covers_until', c.covers_until, 'instruments', c.instruments, 'holidays', c.holidays)
$$;

-- What of a request its clocks are worked out from, as libassets reads it.
create or replace function request_counted(r request) returns jsonb
	language sql stable
as $$
	select jsonb_build_object('route', r.route, 'state', r.state, 'ledger', request_ledger(r.id))
$$;
