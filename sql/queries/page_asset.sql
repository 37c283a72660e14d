-- page_asset: one asset with what its page says beside it: names, requests, plan, valuations, history.
-- in:  id text
-- out: one? gone bool, version int, body text
select a.gone, a.version,
       '{"asset":' || a.body
       || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name,
		     (select c.label from asset_class as c where c.code = a.class) as class_label,
		     (select c.name from cpp as c where c.id = a.cpp_id) as cpp_name,
		     (select l.name from locality as l where l.id = a.locality_id) as locality_name,
		     (select coalesce(json_agg(d.body::json order by d.received_on, d.id), '[]')
			from item_document as d where d.asset_id = any (asset_with_merged(array[a.id::text])) and d.state = 'STORED' and not d.gone) as documents,
		     case when a.authority_id = any (actor_in('member')) or actor_everywhere('member')
			then (select coalesce(json_agg(json_build_object('twin', t -> 'code', 'asset_id', t -> 'asset_id', 'name', t -> 'name')), '[]')
				from json_array_elements(asset_twins(a.id)) as t) else '[]' end as twins,
		     (select z.intermediate_zone from data_zone as z where z.code = a.data_zone) as zone_name,
		     (select coalesce(json_agg(json_build_object('name', w.name, 'units', s.units) order by s.units desc, w.name), '[]')
			from asset_owner as s join authority as w on w.id = s.owner_id where s.asset_id = a.id) as owners,
		     a.lifecycle <> 'DISPOSED' and (a.authority_id = any ((select actor_in('estates'))::text[])
			or (select actor_everywhere('estates'))) as may_split,
		     (select coalesce(json_agg(x), '[]') from (select q.state as pair, q.state = 'PROPOSED' as is_open, q.reason, q.decided_on, q.source,
				case q.asset_id when a.id then q.other_id else q.asset_id end as id,
				(select w.name from asset as w where w.id = case q.asset_id when a.id then q.other_id else q.asset_id end) as name
			from land_pair as q where (q.asset_id = a.id or q.other_id = a.id) order by q.state, q.id limit 200) as x) as pairs,
		     (select json_build_object('id', w.id, 'name', w.name) from asset as w
		       where w.id = p.part_of and w.removed_at is null) as whole,
		     (select coalesce(json_agg(x), '[]') from (select c.id, c.name, c.lifecycle from asset as c
		       where c.part_of = a.id and c.removed_at is null order by c.name, c.id limit 200) as x) as parts,
		     (select coalesce(json_agg(json_build_object('id', r.id, 'reference', r.reference, 'kind', r.kind,
				'state', r.state, 'is_open', (select s.is_open from request_state as s where s.code = r.state), 'received_on', r.received_on, 'community_body_name', b.name)
				order by r.reference_year desc, r.reference_number desc), '[]')
			from request as r join community_body as b on b.id = r.community_body_id
		       where r.asset_id = any (asset_with_merged(array[a.id::text]))) as requests) as x)
       || ',"plan":' || coalesce((select p.body from item_plan as p where p.asset_id = a.id), 'null')
       || ',"disposal_made":' || coalesce((select d.body from item_disposal as d where d.asset_id = a.id and not d.gone), 'null')
       || ',"valuations":[' || coalesce((select string_agg(v.body, ',' order by v.valued_on desc, v.id desc)
	from item_valuation as v where v.asset_id = any (asset_with_merged(array[a.id::text]))), '')
       || '],"history":' || asset_history(a.id, null, null)::text || '}' as body
  from item_asset as a
  join asset as p on p.id = a.id
  join authority as o on o.id = a.authority_id
 where a.id = $1
