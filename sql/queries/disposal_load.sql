-- disposal_load: an asset before it is disposed of: whose, by when bars run, which live requests stand on it.
-- in:  asset_id text, completed_on date
-- out: one? gone bool, authority_id text, is_disposed bool, barred_by text?, live_requests jsonb
select a.removed_at is not null as gone, a.authority_id::text,
       exists (select from disposal as d where d.asset_id = a.id) as is_disposed,
       (select b.reference from bar_of(a.id, $2, null) as b) as barred_by,
       (select coalesce(jsonb_agg(r.id order by r.id), '[]')
	  from request as r join request_state as s on s.code = r.state
	 where r.asset_id = a.id and s.is_open) as live_requests
  from asset as a where a.id = $1
