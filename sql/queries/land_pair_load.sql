-- land_pair_load: two assets before somebody says whether they overlap.
-- in:  asset_id text, other_id text
-- out: one? authority_id text, other_authority_id text, is_gone bool, is_line bool, is_barring bool, others bigint,
--      pair_id text?
select a.authority_id::text, b.authority_id::text as other_authority_id, a.removed_at is not null or b.removed_at is not null as is_gone,
       exists (select from land_overlap(a.id) as o where o.asset_id = b.id and o.relation in ('SAME', 'WHOLE', 'PART')) as is_line,
       land_pair_bars(a.id, b.id) as is_barring,
       land_others(a.id) + land_others(b.id) + (select count(*) from land_requests(a.id, null))
	+ (select count(*) from land_requests(b.id, null)) as others,
       (select p.id::text from land_pair as p where p.asset_id = least(a.id::text, b.id::text)
	 and p.other_id = greatest(a.id::text, b.id::text)) as pair_id
  from asset as a, asset as b
 where a.id = $1 and b.id = $2
