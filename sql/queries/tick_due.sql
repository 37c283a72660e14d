-- tick_due: requests of which time has something to do by today, the longest waiting first; see request_load.
-- in:  most int
-- out: many id text, version int, authority_id text, asset_id text?, row jsonb, deadlines jsonb,
--      calendar_id text?, calendar jsonb, other_assets bigint, rivals bigint
select r.id, r.version, r.authority_id::text, r.asset_id::text, request_read(r) as row, r.deadlines, k.id as calendar_id,
       calendar_fields(k) as calendar, case when r.asset_id is null then 0 else land_others(r.asset_id) end as other_assets,
       (select count(*) from land_requests(r.asset_id, r.id)) as rivals
  from request as r
  left join calendar as k on k.id = request_calendar(r)
  left join request_trouble as t on t.request_id = r.id and t.work = 'TICK' and t.version = r.version
 where r.look_on <= clock_day() and (t.again_at is null or trouble_is_over(t))
 order by r.look_on, r.id
 limit $1
