-- plan_load: an asset and its disposal plan, before the plan is written.
-- in:  asset_id text
-- out: one? gone bool, authority_id text, is_disposed bool, barred_by text?, barred_from date?, plan_id text?, version int?,
--      fields jsonb?
select a.removed_at is not null as gone, a.authority_id::text,
       exists (select from disposal as d where d.asset_id = a.id and d.undone_at is null) as is_disposed,
       b.reference as barred_by, b.validated_on as barred_from,
       p.id::text as plan_id, p.version,
       to_jsonb(p) || jsonb_build_object('agreed_price_pence', m.agreed_price_pence,
	'cost_fixed_pence', m.cost_fixed_pence, 'lease', m.lease) as fields
  from asset as a
  left join disposal_plan as p on p.asset_id = a.id
  left join disposal_plan_money as m on m.plan_id = p.id
  left join lateral (select * from missives_bars(a.id) order by validated_on limit 1) as b on true
 where a.id = $1
