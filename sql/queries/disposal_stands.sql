-- disposal_stands: a disposal that is to be corrected: what it says, its frozen baseline, what the asset would be without it;
--   of what happened to the land since and rests on it how much there is, and the first; how many others were told.
-- in:  asset_id text, id text
-- out: one? version int, authority_id text, gone bool, undone bool, request_id text?, fields jsonb, baseline jsonb?, lifecycle text,
--      rests_count bigint, rests text?, rests_on date?, told bigint
select d.version, a.authority_id::text, a.removed_at is not null as gone, d.undone_at is not null as undone, d.request_id::text,
       to_jsonb(d) || jsonb_build_object('to', d.recipient) as fields, m.baseline,
       coalesce(lifecycle_before(a.id, clock_day()), a.lifecycle) as lifecycle, (select count(*) from disposal_rests(d)) as rests_count,
       w.words as rests, w.happened_on as rests_on,
       (select count(*) from land_overlap(a.id) as o join request as r on r.asset_id = o.asset_id
	 where r.flags && '{LAND_DISPOSED,LAND_PARTLY_DISPOSED}') as told
  from disposal as d
  join asset as a on a.id = d.asset_id
  left join disposal_money as m on m.disposal_id = d.id
  left join lateral (select * from disposal_rests(d) limit 1) as w on true
 where d.asset_id = $1 and d.id = $2
