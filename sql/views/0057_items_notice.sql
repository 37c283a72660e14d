-- Notices as items: the one list of them, whoever reads it. What an officer has still to fill in, and
-- whom it went to, is for the authority's members; names and addresses for those of them who read
-- contacts; the price for readers of money.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_notice;

create view item_notice with (security_invoker = true) as
select n.id, n.version, case when may.contacts then 'c' when may.member then 'm' else 'p' end
	|| case when may.money then 'f' else '' end as view, false as gone,
       n.authority_id, n.request_id, n.number, n.code, n.state, n.superseded_by is null and n.state = 'ISSUED' as is_current,
       n.created_at, n.updated_at,
       (case when may.member then (row_to_json(x)::jsonb || inside.body)::text
	else row_to_json(x)::text end) as body
  from notice as n
 cross join lateral (
	select n.authority_id = any ((select actor_in('member'))::text[]) or (select actor_everywhere('member')) as member,
	       n.authority_id = any ((select actor_in('contacts'))::text[]) or (select actor_everywhere('contacts')) as contacts,
	       n.authority_id = any ((select actor_in('money'))::text[]) or (select actor_everywhere('money')) as money
       ) as may
 cross join lateral (
	select n.id, n.version, utc(n.created_at) as created_at, utc(n.updated_at) as updated_at, n.request_id, n.number,
	       n.code, n.variant, n.event_id, n.state, n.is_public, n.dated_on, utc(n.issued_at) as issued_at, n.superseded_by,
	       n.content, n.dates,
	       case when may.money and n.code = 'N7' then (select (m.payload ->> 'price_pence')::bigint
			from request_event_money as m where m.event_id = n.event_id) end as price_pence,
	       json_build_object('self', '/v1/requests/' || n.request_id || '/notices/' || n.id,
				 'request', '/v1/requests/' || n.request_id, 'page', '/requests/' || n.request_id || '/notices/' || n.id) as links
       ) as x
 cross join lateral (
	select jsonb_build_object('form', n.form, 'missing', n.missing, 'drafted_by', n.drafted_by, 'issued_by', n.issued_by,
		'serve_by_on', n.serve_by_on,
		'recipients', (select coalesce(jsonb_agg(jsonb_build_object('number', p.number, 'kind', p.kind, 'manner', p.manner,
				'served_on', p.served_on, 'recorded_by', p.recorded_by, 'warning', notice_late(n, p.served_on)) || case when may.contacts
				then jsonb_build_object('name', c.name, 'address', c.address) else '{}' end order by p.number), '[]')
			 from notice_recipient as p
			 left join notice_recipient_contact as c on c.notice_id = p.notice_id and c.number = p.number
			where p.notice_id = n.id)) as body
	 where may.member
	union all
	select '{}' where not may.member
       ) as inside;
