-- page_ask: what the form says of an asset that somebody would ask for: whose it is, and what is known of requests for it. Without an
--   asset, for land that is not listed, the public bodies that can be asked: those who are asset transfer authorities, where that is recorded.
-- in:  asset_id text?
-- out: one? gone bool, body text
select a.removed_at is not null as gone, json_build_object(
	'asset', case when a.id is not null then json_build_object('id', a.id, 'name', a.name, 'address', a.address, 'postcode', a.postcode,
		'authority_id', a.authority_id, 'authority_name', u.name, 'lifecycle', a.lifecycle, 'exempt_reason', a.exempt_reason,
		'is_leased_in', a.tenure = 'LEASED_IN', 'is_disposed', a.lifecycle = 'DISPOSED') end,
	'requests', (select coalesce(json_agg(x), '[]') from (select r.id, r.reference, r.state, r.kind, r.received_on, b.name as community_body_name, s.is_open
			from request as r join community_body as b on b.id = r.community_body_id join request_state as s on s.code = r.state
		       where r.asset_id = any (asset_with_merged(array[a.id::text])) and s.is_open order by r.received_on, r.id limit 20) as x),
	'authorities', (select coalesce(json_agg(json_build_object('id', o.id, 'name', o.name) order by o.name, o.id), '[]')
			  from authority as o where v.asset is null and (o.id in (select d.authority_id from authority_duty as d where d.schedule = 3
				and coalesce(d.from_on <= clock_day(), true) and coalesce(d.to_on >= clock_day(), true))
				or not exists (select from authority_duty as d where d.authority_id = o.id))))::text as body
  from (values ($1)) as v (asset)
  left join asset as a on a.id = v.asset
  left join authority as u on u.id = a.authority_id
 where v.asset is null or a.id is not null
