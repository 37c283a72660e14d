-- What an authority's officers see of a case, and what it has settled for all its cases. Of neither is
-- there anything for others: they find no row.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_case;
drop view if exists item_setting;

create view item_case with (security_invoker = true) as
select r.id, r.version, 'o' as view, false as gone, r.authority_id, r.asset_id, r.created_at, r.updated_at, row_to_json(x)::text as body
  from request as r
 cross join lateral (
	select r.id, r.version, utc(r.created_at) as created_at, utc(r.updated_at) as updated_at, r.reference, r.state, r.allowed,
	       second_person(r.authority_id) as second_person,
	       (select case when o.principal_id is not null then json_build_object('principal_id', o.principal_id, 'name', p.name) end
		  from case_officer as o left join colleagues(r.authority_id) as p on p.id = o.principal_id
		 where o.request_id = r.id order by o.number desc limit 1) as officer,
	       (select coalesce(json_agg(json_build_object('number', o.number, 'principal_id', o.principal_id, 'name', p.name,
				'assigned_by', o.assigned_by, 'assigned_at', utc(o.assigned_at)) order by o.number), '[]')
		  from case_officer as o left join colleagues(r.authority_id) as p on p.id = o.principal_id
		 where o.request_id = r.id) as officers,
	       (select coalesce(json_agg(json_build_object('number', n.number, 'text', n.text, 'written_by', n.written_by, 'name', p.name,
				'written_at', utc(n.written_at)) order by n.number), '[]')
		  from case_note as n left join colleagues(r.authority_id) as p on p.id = n.written_by
		 where n.request_id = r.id) as notes,
	       (select coalesce(json_agg(json_build_object('id', s.id, 'state', s.state, 'act', s.act, 'proposed_by', s.proposed_by,
				'name', p.name, 'proposed_at', utc(s.proposed_at), 'decided_by', s.decided_by, 'decided_at', utc(s.decided_at),
				'reasons', s.reasons, 'event_id', s.event_id) order by s.proposed_at, s.id), '[]')
		  from proposal as s left join colleagues(r.authority_id) as p on p.id = s.proposed_by
		 where s.request_id = r.id) as proposals,
	       (select json_build_object('sent_at', utc(l.created_at), 'expires_at', utc(l.expires_at), 'letter', m.state)
		  from answer_link as l left join mail as m on m.authority_id = l.authority_id and m.link_id = l.id
		 where l.request_id = r.id and l.revoked_at is null order by m.id desc nulls last limit 1) as answer_link,
	       (select coalesce(json_agg(json_build_object('number', e.number, 'event', e.event, 'until_on', e.until_on, 'reasons', e.reasons, 'offered_at', utc(e.offered_at),
				'offered_by', e.offered_by, 'name', p.name, 'state', e.state, 'ended_at', utc(e.ended_at), 'stands', extension_stands(r, e)) order by e.number), '[]')
		  from extension_offer as e left join colleagues(r.authority_id) as p on p.id = e.offered_by
		 where e.request_id = r.id) as extensions,
	       (select coalesce(json_agg(json_build_object('number', s.number, 'code', s.code, 'said_on', s.said_on, 'said_at', utc(s.created_at), 'text', s.text) order by s.number), '[]')
		  from request_sent as s where s.request_id = r.id) as sent,
	       (select coalesce(json_agg(json_build_object('principal_id', p.id, 'name', p.name)), '[]')
		  from colleagues(r.authority_id) as p) as colleagues,
	       json_build_object('self', '/v1/requests/' || r.id || '/case', 'request', '/v1/requests/' || r.id,
				 'notices_due', '/v1/requests/' || r.id || '/notices-due') as links
       ) as x
 where r.authority_id = any ((select actor_in('estates'))::text[]) or (select actor_everywhere('estates'))
    or r.authority_id = any ((select actor_in('decider'))::text[]) or (select actor_everywhere('decider'));

create view item_setting with (security_invoker = true) as
select s.authority_id as id, s.version, 'a' as view, false as gone, s.created_at, s.updated_at, row_to_json(x)::text as body
  from authority_setting as s
 cross join lateral (
	select s.authority_id as id, s.version, utc(s.created_at) as created_at, utc(s.updated_at) as updated_at,
	       s.second_person, s.inspect_at, s.respond_to,
	       json_build_object('self', '/v1/authorities/' || s.authority_id || '/settings') as links
       ) as x;
