-- import_items: the authority's assets as they stand, each with the lifecycle its plan gives it.
--      Those without a reference are told by their name, and of one name by which came first.
--      references: lower-case, of those in question and all without one; absent: all.
-- in:  authority_id text, references text[]?
-- out: many body jsonb
select i.body::jsonb || jsonb_build_object('plan_lifecycle',
	case when p.method <> 'NONE' then case p.stage when 'IDENTIFIED' then 'IN_USE' when 'MISSIVES' then 'UNDER_OFFER'
		else p.stage end end) as body
  from item_asset as i
  left join disposal_plan as p on p.asset_id = i.id
 where i.authority_id = $1 and not i.gone
   and ($2::text[] is null or i.reference is null or lower(i.reference collate "C") = any ($2))
 order by i.id
