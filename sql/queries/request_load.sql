-- request_load: a request before something happens to it on a day, with what stands beside it, and the calendars that
--   its running clocks were counted by, or without any those that stand.
-- in:  id text, on_day date?, earlier_id text?
-- out: one? version int, authority_id text, asset_id text?, body_name text, row jsonb,
--      other_live_requests jsonb, other_assets bigint, rivals bigint, deadlines jsonb, calendar_id text?, calendar jsonb
select r.version, r.authority_id::text, r.asset_id::text, b.name as body_name,
       request_read(r) || jsonb_build_object('around', jsonb_build_object('legal_form', b.legal_form, 'members', b.members, 'unmet', b.unmet, 'tenure', a.tenure,
			'is_disposed', coalesce(land_gone(r.asset_id) = 'LAND_DISPOSED', false) and not exists (select from disposal as d
				where d.request_id = r.id and d.undone_at is null),
			'barred_by', (select o.reference from bars_of(r.asset_id, $2, r.id) as o order by o.validated_on limit 1),
			'told_close_on', (select max(n.form ->> 'close_on') from notice as n where n.authority_id = r.authority_id and n.request_id = r.id
				and n.variant = 'AHEAD' and n.state = 'ISSUED' and n.superseded_by is null),
			'earlier_was_refused', request_was_refused(w.id, $2, null), 'earlier_kind', w.kind, 'earlier_validated_on', w.validated_on,
			'earlier_is_same_land', w.asset_id is not null and w.asset_id = r.asset_id)) as row,
       near.other_live_requests,
       case when r.asset_id is null then 0 else land_others(r.asset_id) end as other_assets,
       near.rivals,
       r.deadlines, k.id as calendar_id, calendar_fields(k) as calendar
  from request as r
  join community_body as b on b.id = r.community_body_id
  left join asset as a on a.id = r.asset_id
  left join request as w on w.id = $3 and w.id <> r.id and w.authority_id = r.authority_id
  left join calendar as k on k.id = request_calendar(r)
 cross join lateral (
	select coalesce(jsonb_agg(jsonb_build_object('id', o.request_id, 'asset_id', o.asset_id, 'relation', o.relation)
			order by o.request_id), '[]') as other_live_requests, count(*) as rivals
	  from land_requests(r.asset_id, r.id) as o) as near
 where r.id = $1
