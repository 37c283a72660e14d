-- asset_load: an asset before it is changed, and what the change must fit (those of asset_around). reach: on how much
--      land it may be seen that it becomes a part of that one.
-- in:  id text, cpp_id text?, locality_id text?, data_zone text?, owners text[], reference text?,
--      part_of text?, on_day date?
-- out: one? version int, gone bool, authority_id text, is_disposed bool, method text?, stage text?, fields jsonb,
--      live_requests bigint, has_cpp bool, has_locality bool, only_cpp_id text?, zone_decile int,
--      unknown_owner text?, duplicate_id text?, has_whole bool, whole_requests bigint, reach bigint,
--      barred_by text?, barred_then text?, parts text?   -- barred_then: on that day
select a.version, a.removed_at is not null as gone, a.authority_id::text,
       exists (select from disposal as d where d.asset_id = a.id and d.undone_at is null) as is_disposed, p.method::text, p.stage::text,
       to_jsonb(a) || jsonb_build_object('effective_on', null,
	'owners', (select jsonb_agg(jsonb_build_object('authority_id', o.owner_id, 'units', o.units) order by o.owner_id)
		     from asset_owner as o where o.asset_id = a.id)) as fields,
       (select count(*) from land_requests(a.id, null)) as live_requests,
       exists (select from cpp where id = $2) as has_cpp,
       exists (select from locality where id = $3) as has_locality,
       cpp_of(a.authority_id) as only_cpp_id, decile_of(coalesce($4, a.data_zone)) as zone_decile,
       (select o from unnest($5) as o where not exists (select from authority where id = o) limit 1) as unknown_owner,
       (select b.id::text from asset as b
	 where b.authority_id = a.authority_id and lower(b.reference collate "C") = lower($6 collate "C") and b.removed_at is null
	   and b.id <> a.id) as duplicate_id,
       exists (select from asset as w where w.id = $7 and w.authority_id = a.authority_id and w.removed_at is null) as has_whole,
       (select count(*) from land_requests($7, null)) as whole_requests,
       case when $7 <> coalesce(a.part_of, '') then (select count(*) from land_reach(array[a.id::text, $7])) else 0 end as reach,
       (select b.reference from bars_of(a.id, clock_day(), null) as b limit 1) as barred_by,
       (select b.reference from bars_of(a.id, coalesce($8, clock_day()), null) as b limit 1) as barred_then,
       (select string_agg(w.name || ' (' || w.id || ')', ', ' order by w.name, w.id)
	  from (select p.id, p.name from asset as p where p.part_of = a.id and p.removed_at is null order by p.name, p.id limit 20) as w) as parts
  from asset as a
  left join disposal_plan as p on p.asset_id = a.id
 where a.id = $1
