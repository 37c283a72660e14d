-- What clocks are counted from: a request's ledger, and the calendars that stand.
set local role assetd_owner;
set local search_path = assetd, public;

-- Where an entry stands in the ledger: what was corrected stands where that stood which it replaces.
create or replace function ledger_place(e request_event) returns int[]
	language sql immutable parallel safe
	return array[coalesce(e.place, e.number), e.number];

-- What has happened to a request, as far as its clocks need it, the oldest first (libassets/request/ledger_entry.def).
create or replace function request_ledger(target text) returns jsonb
	language plpgsql stable
as $$
begin
	return (select coalesce(jsonb_agg(coalesce(jsonb_only(e.payload, '{outcome,offer_by_on,until_on,notice_on,agreed_on,
					acknowledged_on,representations_close_on,comments_close_on,terms_differ}'), '{}')
				|| jsonb_build_object('id', e.id, 'event', e.event, 'on', e.happened_on,
					'state_from', e.state_from, 'state_to', e.state_to, 'level_to', e.level_to,
					'is_by_time', e.actor_kind = 'SYSTEM', 'recorded_on', case when e.actor_kind <> 'SYSTEM'
						then (e.recorded_at at time zone 'Europe/London')::date end,
					'is_incomplete', e.state_to = 'RECEIVED' and e.event in ('RECEIVED', 'SUBMIT')
						and exists (select from request_item as i where i.request_id = target
							and (i.received_on is null or i.received_on > e.happened_on)),
					'is_set_aside', e.event = 'REPRESENTATION_RECEIVED'
						and exists (select from representation as p where p.event_id = e.id)
						and not exists (select from representation as p where p.request_id = target
							and p.kind = 'REPRESENTATION' and p.mark in ('UNREAD', 'COUNTED') and p.timing <> 'LATE'))
				order by coalesce(e.place, e.number), e.number), '[]')
		  from request_event as e where e.request_id = target and e.superseded_by is null);
end
$$;

-- What time has told of a request's deadlines (libassets/request/reminder.def).
create or replace function request_reminders(target text) returns jsonb
	language plpgsql stable
as $$
begin
	return (select coalesce(jsonb_agg(jsonb_build_object('clock', m.clock, 'starts_on', m.starts_on, 'due_on', m.due_on,
				'what', m.what)), '[]')
		  from request_reminder as m where m.request_id = target);
end
$$;

-- The version of the calendars that stands; null: none was ever applied, and the rules alone count.
create or replace function calendar_standing() returns text
	language plpgsql stable
as $$
begin
	return (select c.id::text from calendar as c where c.number is not null order by c.number desc limit 1);
end
$$;

-- A version of the calendars as libassets reads it (calendar_version.def); without one all is null.
create or replace function calendar_fields(c calendar) returns jsonb
	language sql stable
as $$
	select jsonb_build_object('number', c.number, 'covers_until', c.covers_until, 'instruments', c.instruments, 'clocks', c.clocks,
		'holidays', c.holidays)
$$;

-- The days that the version before it had from a list, and it has not, nor has a rule: they would count again.
create or replace function calendar_taken_back(c calendar) returns jsonb
	language sql stable
as $$
	select coalesce(jsonb_agg(d.day order by d.day ->> 'on'), '[]')
	  from calendar as o cross join jsonb_array_elements(o.holidays) as d (day)
	 where o.id = c.over_id
	   and d.day ->> 'on' <> all (array(select h ->> 'on' from jsonb_array_elements(c.holidays || c.missing) as h))
$$;

-- What of a request its clocks are worked out from, as libassets reads it.
create or replace function request_counted(r request) returns jsonb
	language sql stable
as $$
	select jsonb_build_object('route', r.route, 'state', r.state, 'level', r.level, 'ledger', request_ledger(r.id),
		'reminders', request_reminders(r.id))
$$;

-- A request as libassets reads it (request_row.def), but for what stands beside it.
create or replace function request_read(r request) returns jsonb
	language plpgsql stable
as $$
begin
	return (select to_jsonb(r) || jsonb_build_object('offer_pence', m.offer_pence, 'agreed_price_pence', m.agreed_price_pence,
			'benefit_pence', m.benefit_pence, 'lease', m.lease,
			'items', (select coalesce(jsonb_agg(jsonb_build_object('code', i.code, 'received_on', i.received_on)
					order by i.code), '[]') from request_item as i where i.request_id = r.id),
			'ledger', request_ledger(r.id), 'reminders', request_reminders(r.id))
		  from (values (1)) as one left join request_money as m on m.request_id = r.id);
end
$$;

-- The calendars that a request's running clocks were counted by; without any those that stand.
create or replace function request_calendar(r request) returns text
	language sql stable
as $$
	select case when r.deadlines = '[]' then calendar_standing() else r.calendar_version end
$$;

-- A request's next date on a day, as daemon/request/due.h finds it for pages and letters; null: none.
create or replace function next_due(state text, deadlines jsonb, today date) returns text
	language plpgsql immutable parallel safe
as $$
begin
	return (select coalesce(min(d ->> 'due_on') filter (where d ->> 'state' = 'RUNNING'
				and coalesce(d ->> 'late_after_on', d ->> 'due_on') >= to_char(today, 'YYYY-MM-DD')),
			min(d ->> 'due_on') filter (where d ->> 'state' = 'RUNNING'),
			max(d ->> 'due_on') filter (where d ->> 'state' = 'MISSED'
				and (next_due.state, d ->> 'clock') in (('RECEIVED', 'K2'), ('UNDER_REVIEW', 'K15'),
					('UNDER_APPEAL', 'K17'), ('UNDER_NO_CONTRACT_APPEAL', 'K22'))))
	  from jsonb_array_elements(deadlines) as d);
end
$$;

-- How long after so many failures what could not be done for a request is left alone.
create or replace function trouble_wait(failures int) returns interval
	language sql immutable parallel safe
	return least(interval '1 minute' * 2 ^ (failures - 1), interval '1 day');

-- Is it tried again by now? A clock that was set back makes it wait no longer than that.
create or replace function trouble_is_over(t request_trouble) returns boolean
	language sql stable parallel safe
	return t.again_at <= clock_at() or t.again_at > clock_at() + trouble_wait(t.failures);
