-- page_run: one frozen run with the figures that it keeps of one filter by year, and where there is no filter of each key of every
--   dimension the whole, the largest fifty of it, or of one dimension fifty from a place in that order on; as far as the actor may read
--   them. A frozen run does not change, so a place is the same on every page.
-- in:  run_id text, scenario text, filter text, grouping_by text?, place int
-- out: one? body text, has_figures bool   -- no row: no such run that the actor may know of
select json_build_object('run', i.body::json, 'frozen_at', utc(r.created_at), 'is_year_end', r.year_end_on is not null,
		'body_name', a.name, 'maker', p.name, 'receipts', k.body,
		'overlay_assets', (select coalesce(json_agg(json_build_object('id', x.id, 'name', x.name) order by x.name, x.id), '[]')
				     from asset as x where x.id in (select o ->> 'asset_id' from json_array_elements(coalesce(i.body::json -> 'overlay', '[]')) as o)),
		'filtered', (select n.name from (select id::text, name from authority union all select id::text, name from cpp
				union all select id::text, name from locality) as n where n.id = split_part($3, '=', 2)),
		'groups', case when $3 = '' then (
			select json_agg(json_build_object('group', g.grouping_by, 'count', jsonb_array_length(g.body -> 'items'), 'items', (
				select coalesce(json_agg(s.item || jsonb_build_object('key', s.key, 'name', s.name) order by s.net desc nulls last, s.key), '[]')
				  from (select t.item, t.key, case when jsonb_typeof(t.item #> '{adjusted,net_pence}') = 'number' then (t.item #>> '{adjusted,net_pence}')::numeric end as net,
					       coalesce((select o.name from authority as o where o.id = t.key), (select c.name from cpp as c where c.id = t.key),
						(select l.name from locality as l where l.id = t.key), (select y.label from asset_class as y where y.code = t.key)) as name
					  from (select e.item, (select v.value from jsonb_each_text(e.item -> 'group') as v limit 1) as key
						  from jsonb_array_elements(g.body -> 'items') as e (item)) as t
					 order by net desc nulls last, t.key limit 50 offset $5) as s)))
			  from projection_run_receipt as g
			 where g.run_id = r.id and g.scenario = $2 and g.filter = '' and g.grouping_by not in ('YEAR', 'QUARTER')
			   and ($4 is null or g.grouping_by = $4)) end)::text as body,
       k.run_id is not null as has_figures
  from projection_run as r
  join item_run as i on i.id = r.id
  left join authority as a on a.id = r.authority_id
  left join principal as p on p.id = r.actor
  left join projection_run_receipt as k on k.run_id = r.id and k.scenario = $2 and k.grouping_by = 'YEAR' and k.filter = $3
 where r.id = $1
