-- What hangs on a request, of a day and as known at a moment: competing and earlier requests, notices, what
-- officers see of a case, which notices were due. From facts and from rows that name their own moment; what
-- the actor may not read now is not here of then either, as views and policies of today are asked for all of it.
--
-- What people do to a case is so from the day on which they did it. A notice is there of then once it had been
-- issued: what a draft said before it was drafted anew is not kept, and what was discarded is gone.
set local role assetd_owner;
set local search_path = assetd, public;

-- The civil day of a moment.
create or replace function day_at(moment timestamptz) returns date
	language sql immutable parallel safe strict
	return (moment at time zone 'Europe/London')::date;

-- Had it happened by then? Null: it has not happened at all.
create or replace function was_done(done_at timestamptz, day date, moment timestamptz) returns boolean
	language sql immutable parallel safe
	return coalesce(done_at <= moment and day_at(done_at) <= day, false);

-- Of a list of objects those whose member `stamp`, a moment, was by then.
create or replace function list_by(list jsonb, stamp text, day date, moment timestamptz) returns jsonb
	language sql stable parallel safe
	return coalesce((select jsonb_agg(e order by n) from jsonb_array_elements(list) with ordinality as x (e, n)
		where was_done((e ->> stamp)::timestamptz, day, moment)), '[]');

-- The day from which on a change says that something is so: for an act that on which it happened, for what is dated back the day
-- of which it is said, else the day on which it was made.
create or replace function change_day(type text, at timestamptz, data jsonb) returns date
	language sql stable parallel safe
	return coalesce(case
		when type = 'request.received' then data ->> 'received_on'
		when type = 'asset.disposed' then data ->> 'completed_on'
		when type = 'asset.removed' or type in ('request.updated', 'request.corrected') then null
		else coalesce(data ->> 'effective_on', data ->> 'on') end::date, day_at(at));

-- Requests for land that overlapped that of `target`, as they were, with how it lay to it.
create or replace function land_requests_at(target text, day date, moment timestamptz)
	returns table (t request, r request, is_open boolean, relation text)
	language plpgsql stable
as $$
#variable_conflict use_variable
begin
	return query
	select mine.was, other.was, other.is_open, o.relation
	  from request_rows_at(array[target], day, moment) as mine
	 cross join lateral land_overlap_at(mine.asset_id, day, moment) as o
	 cross join lateral request_rows_at(array(select distinct f.subject::text from fact as f where f.asset_id = o.asset_id
		and f.part = 'request' and f.valid @> day and f.known @> moment and f.subject <> target), day, moment) as other;
end
$$;

-- request_competing() of then.
create or replace function request_competing_at(target text, day date, moment timestamptz) returns table (body json, number int)
	language sql stable
as $$
	select row_to_json(x), (row_number() over (order by x.validated_on, x.received_on, x.id))::int
	  from (
		select (l.r).id, (l.r).reference, (l.r).community_body_id, b.name as community_body_name, (l.r).kind, (l.r).state,
		       (l.r).received_on, (l.r).validated_on, (l.r).asset_id, a.body ->> 'name' as asset_name, l.relation, e.is_earlier,
		       e.is_earlier and (l.r).community_body_id <> (l.t).community_body_id and (l.r).prohibits
			and (l.r).bar_exemption is null and (l.r).bar_to is null as bars,
		       json_build_object('self', '/v1/requests/' || (l.r).id, 'asset', '/v1/assets/' || (l.r).asset_id) as links
		  from land_requests_at(target, day, moment) as l
		  join fact as a on a.subject = (l.r).asset_id and a.part = 'asset' and a.valid @> day and a.known @> moment
		  join community_body as b on b.id = (l.r).community_body_id
		 cross join lateral (select (l.r).validated_on is not null and ((l.t).validated_on is null
			or ((l.r).validated_on, (l.r).received_on, (l.r).reference_year, (l.r).reference_number)
			 < ((l.t).validated_on, (l.t).received_on, (l.t).reference_year, (l.t).reference_number)) as is_earlier) as e
		 where l.is_open
	       ) as x
$$;

-- request_earlier() of then.
create or replace function request_earlier_at(target text, day date, moment timestamptz) returns table (body json, number int)
	language sql stable
as $$
	select row_to_json(x), (row_number() over (order by x.validated_on desc, x.id))::int
	  from (
		select (l.r).id, (l.r).reference, (l.r).community_body_id, b.name as community_body_name, (l.r).kind, (l.r).state,
		       (l.r).validated_on, d.until_on, (l.r).asset_id, l.relation, v.verdict, v.why,
		       json_build_object('self', '/v1/requests/' || (l.r).id, 'asset', '/v1/assets/' || (l.r).asset_id) as links
		  from land_requests_at(target, day, moment) as l
		  join community_body as b on b.id = (l.r).community_body_id
		 cross join lateral (select ((l.r).validated_on + interval '2 years')::date as until_on) as d
		 cross join lateral repeat_verdict(l.relation, (l.t).received_on, d.until_on) as v
		 where (l.r).kind = (l.t).kind and request_was_refused((l.r).id, day, moment)
		   and (l.r).validated_on < (l.t).received_on and (l.t).received_on <= d.until_on
	       ) as x
$$;

-- The notices of a request as items; see the head. Whom one went to is what is known now, on which day it had reached
-- them what was recorded by then; its place was taken once another was issued. version: its own, as it is now.
create or replace function notice_items_at(of_request text, day date, moment timestamptz)
	returns table (id text, version int, request_id text, number int, code text, state text, body text)
	language plpgsql stable
as $$
#variable_conflict use_column
begin
	return query
	select i.id::text, i.version, i.request_id::text, i.number, i.code::text, i.state::text, item_as_at((i.body::jsonb
		|| jsonb_build_object('superseded_by', later.id, 'updated_at', utc(greatest(n.issued_at, later.issued_at, served.last)))
		|| case when i.body::jsonb ? 'recipients' then jsonb_build_object('recipients', served.list) else '{}' end)::text, day, moment)
	  from item_notice as i
	  join notice as n on n.id = i.id
	  left join notice as later on later.id = n.superseded_by and later.dated_on <= day and later.issued_at <= moment
	 cross join lateral (
		select coalesce(jsonb_agg(case when p.served_on <= day and p.recorded_at <= moment then e
				else e || '{"served_on": null, "recorded_by": null, "warning": null}' end order by p.number), '[]') as list,
		       max(p.recorded_at) filter (where p.served_on <= day and p.recorded_at <= moment) as last
		  from jsonb_array_elements(i.body::jsonb -> 'recipients') as e
		  join notice_recipient as p on p.notice_id = n.id and p.number = (e ->> 'number')::int) as served
	 where i.request_id = of_request and n.dated_on <= day and n.issued_at <= moment
	   and exists (select from request_rows_at(array[of_request], day, moment));
end
$$;

-- A case as its officers see it, of then: no row for others, as in item_case. Who there is to deal with it, and whether a
-- second person is needed, is what holds now.
create or replace function case_item_at(target text, day date, moment timestamptz)
	returns table (version int, body text)
	language plpgsql stable
as $$
#variable_conflict use_column
begin
	return query
	select q.version, item_as_at((c.now_it || jsonb_build_object('version', q.version, 'updated_at', q.body -> 'updated_at',
		'state', q.body -> 'state', 'allowed', q.body -> 'allowed', 'officers', l.officers,
		'officer', case when l.officers -> -1 ->> 'principal_id' is not null then jsonb_only(l.officers -> -1, '{principal_id,name}') end,
		'notes', list_by(c.now_it -> 'notes', 'written_at', day, moment), 'sent', list_by(c.now_it -> 'sent', 'said_at', day, moment), 'proposals', l.proposals, 'extensions', l.extensions,
		'answer_link', (select jsonb_build_object('sent_at', utc(k.created_at), 'expires_at', utc(k.expires_at), 'letter', m.state)
			from answer_link as k left join mail as m on m.authority_id = k.authority_id and m.link_id = k.id
				and was_done(m.ended_at, day, moment)
		       where k.request_id = target and was_done(k.created_at, day, moment) and not was_done(k.revoked_at, day, moment)
		       order by k.created_at desc, m.id desc nulls last limit 1)))::text, day, moment)
	  from (select i.body::jsonb as now_it from item_case as i where i.id = target) as c
	 cross join lateral (select r.version, r.body::jsonb as body from request_items_at(array[target], day, moment) as r) as q
	 cross join lateral (
		select list_by(c.now_it -> 'officers', 'assigned_at', day, moment) as officers,
		       (select coalesce(jsonb_agg(case when was_done((p ->> 'decided_at')::timestamptz, day, moment) then p
				else p || '{"state": "OPEN", "decided_by": null, "decided_at": null, "reasons": null, "event_id": null}' end order by n), '[]')
			  from jsonb_array_elements(list_by(c.now_it -> 'proposals', 'proposed_at', day, moment)) with ordinality as x (p, n))
			as proposals,
		       (select coalesce(jsonb_agg(case when was_done((e ->> 'ended_at')::timestamptz, day, moment) then e
				else e || '{"state": "OPEN", "ended_at": null, "stands": null}' end order by n), '[]')
			  from jsonb_array_elements(list_by(c.now_it -> 'extensions', 'offered_at', day, moment)) with ordinality as x (e, n))
			as extensions) as l;
end
$$;

-- The acts of a request that stood, as case_due has them, with the notices that had been issued of each.
create or replace function case_acts_at(target text, day date, moment timestamptz)
	returns table (version int, authority_id text, acts jsonb)
	language plpgsql stable
as $$
#variable_conflict use_column
begin
	return query
	select (select coalesce(max(c.subject_seq), 1) from change as c where c.subject = target and c.at <= moment), q.authority_id,
	       (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'event', e.event, 'on', e.happened_on, 'state_from', e.state_from,
			'state_to', e.state_to, 'level_to', e.level_to, 'prohibits', (q.was).prohibits, 'bar_exemption', (q.was).bar_exemption,
			'terms_differ', e.payload -> 'terms_differ', 'issued', (select string_agg(n.code, ' ') from notice as n
				where n.event_id = e.id and n.dated_on <= day and n.issued_at <= moment)) order by ledger_place(e)), '[]')
		  from request_event as e
		  left join request_event as later on later.id = e.superseded_by and later.recorded_at <= moment
		 where e.request_id = target and e.happened_on <= day and e.recorded_at <= moment and later.id is null)
	  from request_rows_at(array[target], day, moment) as q;
end
$$;

-- A representation or a document, which have no past of their own: what had arrived on the day and was recorded at the
-- moment, as it may be read today. So nothing that was redacted, withheld or erased since comes back.
create or replace function filed_item_at(kind text, target text, day date, moment timestamptz)
	returns table (version int, gone boolean, body text)
	language plpgsql stable
as $$
#variable_conflict use_column
begin
	return query execute format('select version, gone, item_as_at(body, $2, $3) from %I where id = $1 and received_on <= $2 and created_at <= $3',
		item_view(kind)) using target, day, moment;
end
$$;
