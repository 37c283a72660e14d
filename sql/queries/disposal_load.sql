-- disposal_load: an asset before it is disposed of: whose, by when bars run, which live requests stand on its land.
-- in:  asset_id text, completed_on date
-- out: one? gone bool, authority_id text, is_disposed bool, barred_by text?, barred_from date?, live_requests jsonb
select a.removed_at is not null as gone, a.authority_id::text,
       exists (select from disposal as d where d.asset_id = a.id and d.undone_at is null) as is_disposed,
       b.reference as barred_by, b.validated_on as barred_from,
       (select coalesce(jsonb_agg(jsonb_build_object('id', r.request_id, 'asset_id', r.asset_id, 'relation', r.relation) order by r.request_id), '[]')
	  from land_requests(a.id, null) as r) as live_requests
  from asset as a
  left join lateral (select * from bars_of(a.id, $2, null) order by validated_on limit 1) as b on true
 where a.id = $1
