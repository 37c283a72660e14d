-- page_asset_form: what an asset's forms begin with, what can be chosen in them, and what others changed since a version of it.
-- in:  id text?, seen int   -- without an id, of a new one
-- out: one? authority_id text?, gone bool, is_disposed bool, version int, plan_version int, body text
select a.authority_id::text, a.removed_at is not null as gone,
       exists (select from disposal as d where d.asset_id = a.id and d.undone_at is null) as is_disposed,
       coalesce(a.version, 0) as version, coalesce((select p.version from disposal_plan as p where p.asset_id = a.id), 0) as plan_version,
       json_build_object(
	'asset', case when a.id is not null then to_jsonb(a) - '{rendered,search}'::text[] || jsonb_build_object('effective_on', null,
		-- As its own body calls it, where that is the body of both.
		'part_of', coalesce((select w.reference from asset as w where w.id = a.part_of and w.authority_id = a.authority_id), a.part_of),
		'owners', (select jsonb_agg(jsonb_build_object('authority_id', o.owner_id, 'units', o.units) order by o.owner_id)
			     from asset_owner as o where o.asset_id = a.id)) end,
	'plan', (select p.body::json from item_plan as p where p.asset_id = a.id),
	'disposal', (select p.body::json from item_disposal as p where p.asset_id = a.id and not p.gone),
	'changes', (select coalesce(json_agg(json_build_object('who', coalesce(w.name, 'Somebody else of the authority'), 'type', c.type,
			'changed_at', utc(c.at), 'before', coalesce(c.before || m.before, c.before, m.before),
			'after', coalesce(c.after || m.after, c.after, m.after)) order by c.subject_seq), '[]')
		      from (select * from change where subject = a.id and subject_seq > $2 order by subject_seq limit 50) as c
		      left join principal as w on w.id = c.actor
		      left join change_money as m on m.change_id = c.id and m.at = c.at
			and (m.readers && actor_in('money') or actor_everywhere('money'))),
	'choices', json_build_object(
		'authorities', (select coalesce(json_agg(json_build_object('id', o.id, 'name', o.name) order by o.name, o.id), '[]')
				  from authority as o where o.id = any ((select actor_in('estates'))::text[]) or (select actor_everywhere('estates'))),
		'owners', (select json_agg(json_build_object('id', o.id, 'name', o.name) order by o.name, o.id) from authority as o),
		'classes', (select json_agg(json_build_object('id', c.code, 'name', c.label, 'is_said', true) order by c.label) from asset_class as c),
		'cpps', (select coalesce(json_agg(json_build_object('id', c.id, 'name', c.name) order by c.name, c.id), '[]') from cpp as c),
		-- Those of the partnerships that the authority is in; of a new asset, that any of the writer's is.
		'localities', (select coalesce(json_agg(json_build_object('id', l.id, 'name', l.name) order by l.name, l.id), '[]')
			from (select l.id, l.name from locality as l
			       where l.id = a.locality_id or l.cpp_id = a.cpp_id or l.cpp_id in (select q.cpp_id from cpp_partner as q
				where q.authority_id = a.authority_id or a.id is null and (q.authority_id = any ((select actor_in('estates'))::text[])
					or (select actor_everywhere('estates'))))
			       order by l.kind = 'LOCALITY' desc, l.name, l.id limit 400) as l)))::text as body
  from (select $1 as id) as want
  left join asset as a on a.id = want.id
 where want.id is null or a.id is not null
