-- import_edit_items: the authority's assets that a filter keeps, as import_items has them, at most `take`.
-- in:  authority_id text, filter jsonb, take int
-- out: many body jsonb
select l.body::jsonb || jsonb_build_object('plan_lifecycle',
	case when p.method <> 'NONE' then case p.stage when 'IDENTIFIED' then 'IN_USE' when 'MISSIVES' then 'UNDER_OFFER'
		else p.stage end end) as body
  from item_list('ast', $2 || jsonb_build_object('authority_id', jsonb_build_array($1::text)), 'id', null, null, $3, false) as l
  left join disposal_plan as p on p.asset_id = l.id
 order by l.id
