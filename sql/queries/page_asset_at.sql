-- page_asset_at: page_asset as it was true on a day and known at a moment (functions/0062_as_at.sql).
-- in:  id text, valid_on date, known_at timestamptz?
-- out: one? gone bool, version int, body text
select i.gone, i.version,
       '{"asset":' || i.body
       || ',"more":' || (select row_to_json(x)::text
	from (select o.name as authority_name,
		     (select c.label from asset_class as c where c.code = i.body::json ->> 'class') as class_label,
		     (select c.name from cpp as c where c.id = i.body::json ->> 'cpp_id') as cpp_name,
		     (select l.name from locality as l where l.id = i.body::json ->> 'locality_id') as locality_name,
		     (select z.intermediate_zone from data_zone as z where z.code = i.body::json ->> 'data_zone') as zone_name,
		     (select coalesce(json_agg(json_build_object('name', w.name, 'units', (s ->> 'units')::bigint)
				order by (s ->> 'units')::bigint desc, w.name), '[]')
			from json_array_elements(i.body::json -> 'owners') as s join authority as w on w.id = s ->> 'authority_id') as owners,
		     null as whole, '[]'::json as parts,
		     (select coalesce(json_agg(json_build_object('id', r.id, 'reference', r.reference, 'kind', r.kind,
				'state', r.state, 'is_open', (select s.is_open from request_state as s where s.code = r.state), 'received_on', r.received_on, 'community_body_name', b.name)
				order by r.received_on desc, r.id desc), '[]')
			from request_rows_at(array(select q.id::text from request as q where q.asset_id = a.id), $2, known_by($3)) as r
			join community_body as b on b.id = r.community_body_id) as requests) as x)
       || ',"plan":' || coalesce((select p.body from plan_item_at(a.id, $2, known_by($3)) as p), 'null')
       || ',"disposal_made":' || coalesce((select l.body from item_list_at('dsp', jsonb_build_object('asset_id', jsonb_build_array(a.id)),
		'id', null, null, 1, false, $2, known_by($3)) as l), 'null')
       || ',"valuations":[' || coalesce((select string_agg(l.body, ',') from item_list_at('val', jsonb_build_object('asset_id',
		jsonb_build_array(a.id)), '-valued_on', null, null, 1000, false, $2, known_by($3)) as l), '')
       || '],"history":' || asset_history(a.id, $2, known_by($3))::text || '}' as body
  from asset_items_at(array[$1], $2, known_by($3)) as i
  join asset as a on a.id = i.id
  join authority as o on o.id = a.authority_id
