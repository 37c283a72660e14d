-- request_around: what a new request names: its land and its body.
-- in:  asset_id text?, authority_id text?, body_id text?  -- authority_id: of land that is not listed
-- out: one calendar_id text?, calendar jsonb, authority_id text?, route text?, has_asset bool, gone bool, published bool, is_disposed bool, has_body bool,
--      competing bigint, other_assets bigint, tenure text?
select k.id as calendar_id, calendar_fields(k) as calendar, au.id::text as authority_id, au.challenge_route::text as route, a.id is not null as has_asset,
       coalesce(a.removed_at is not null, false) as gone, coalesce(a.published, true) as published,
       coalesce(land_gone(a.id) = 'LAND_DISPOSED', false) as is_disposed,
       exists (select from community_body where id = $3) as has_body,
       (select count(*) from land_requests(a.id, null)) as competing,
       case when a.id is null then 0 else land_others(a.id) end as other_assets,
       a.tenure::text as tenure
  from (values ($1, $2)) as v (asset_id, authority_id)
  left join asset as a on a.id = v.asset_id
  left join calendar as k on k.id = calendar_standing()
  left join authority as au on au.id = coalesce(a.authority_id, v.authority_id)
