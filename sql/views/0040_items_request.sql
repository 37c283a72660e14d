-- Requests as items. See views/0020_items_public.sql for what an item view is.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_request;

create view item_request with (security_invoker = true) as
select r.id, r.version, case when may.sees then 'f' else 'r' end as view, false as gone,
       r.authority_id, r.asset_id, r.community_body_id, r.reference, r.reference_year, r.reference_number,
       r.kind, r.state, r.state_on, s.is_open, r.received_on, r.validated_on, r.flags, r.deadlines, r.published, r.created_at, r.updated_at,
       case when may.sees then row_to_json(full_item) else row_to_json(x) end::text as body
  from request as r
  join request_state as s on s.code = r.state
 cross join lateral (
	select r.id, r.version, utc(r.created_at) as created_at, utc(r.updated_at) as updated_at,
	       r.reference, r.authority_id, r.asset_id, r.land, r.community_body_id, r.kind, r.state, r.state_on,
	       r.level, r.route, r.received_on, r.validated_on, r.acknowledged_on, r.expected_on, r.release_on,
	       r.reasons, r.benefits, r.benefit_score,
	       (select coalesce(json_agg(json_build_object('code', i.code, 'received_on', i.received_on)
				order by i.code), '[]')
		  from request_item as i where i.request_id = r.id) as items,
	       json_build_object('prohibits', r.prohibits, 'exemption', r.bar_exemption, 'dated_on', r.bar_dated_on,
				 'from_on', r.bar_from, 'to_on', r.bar_to) as bar,
	       r.override_reason, r.deadlines, r.allowed, r.flags,
	       json_strip_nulls(json_build_object('self', '/v1/requests/' || r.id,
				 'events', '/v1/requests/' || r.id || '/events',
				 'authority', '/v1/authorities/' || r.authority_id,
				 'asset', '/v1/assets/' || r.asset_id,
				 'competing', '/v1/requests/' || r.id || '/competing',
				 'earlier', '/v1/requests/' || r.id || '/earlier',
				 'community_body', '/v1/community-bodies/' || r.community_body_id)) as links,
	       '["offer_pence","agreed_price_pence","benefit_pence","lease"]'::json as restricted_fields
       ) as x
  left join request_money as m on m.request_id = r.id
 cross join lateral (
	select x.id, x.version, x.created_at, x.updated_at, x.reference, x.authority_id, x.asset_id, x.land,
	       x.community_body_id, x.kind, x.state, x.state_on, x.level, x.route, x.received_on, x.validated_on,
	       x.acknowledged_on, m.offer_pence, m.lease, m.agreed_price_pence, m.benefit_pence, x.benefit_score,
	       x.expected_on, x.release_on, x.reasons, x.benefits, x.items, x.bar, x.override_reason, x.deadlines,
	       x.allowed, x.flags, x.links, '[]'::json as restricted_fields
       ) as full_item
 cross join lateral (
	select r.authority_id = any ((select actor_in('money'))::text[])
	       or (select actor_everywhere('money'))
	       or exists (select from asset_owner as o where o.asset_id = r.asset_id
			     and o.owner_id = any ((select actor_in('money'))::text[])) as sees
       ) as may;
