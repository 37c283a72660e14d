-- page_request_form: what the form of a new request begins with: the land and the body that were chosen, or what words find to choose from;
--   requests for that land so far. Of assets and authorities those that the actor may write for.
-- in:  asset_id text?, body_id text?, words text?, kind text?, land text?, land_authority_id text?
-- out: one authority_id text?, body text
select a.authority_id::text, json_build_object(
	'asset', case when a.id is not null then json_build_object('id', a.id, 'name', a.name, 'reference', a.reference, 'address', a.address,
		'postcode', a.postcode, 'authority_name', u.name, 'tenure', a.tenure, 'is_leased_in', a.tenure = 'LEASED_IN',
		'lifecycle', a.lifecycle) end,
	'body', case when b.id is not null then json_build_object('id', b.id, 'name', b.name, 'legal_form', b.legal_form,
		'charity_number', b.charity_number, 'company_number', b.company_number, 'members', b.members, 'unmet', b.unmet) end,
	'requests', (select coalesce(json_agg(json_build_object('id', r.id, 'reference', r.reference, 'kind', r.kind, 'state', r.state,
			'received_on', r.received_on, 'community_body_name', c.name,
			'is_twin', r.id in (select request_twins(b.id, a.id, v.land_authority, v.land, v.kind))) order by r.received_on desc, r.id desc), '[]')
		  from (select * from request as r where r.asset_id = any (asset_with_merged(array[a.id]))
				or a.id is null and r.id in (select request_twins(b.id, null, v.land_authority, v.land, v.kind))
			 order by r.received_on desc, r.id desc limit 20) as r
		  join community_body as c on c.id = r.community_body_id),
	'assets', (select coalesce(json_agg(json_build_object('id', x.id, 'name', x.name, 'reference', x.reference, 'address', x.address,
			'postcode', x.postcode, 'authority_name', o.name) order by x.name, x.id), '[]')
		  from (select * from asset where a.id is null and id = any (array(select f.id from asset_found(jsonb_build_object('q', jsonb_build_array(v.words))
				|| case when (select actor_everywhere('estates')) then '{}' else jsonb_build_object('authority_id', (select to_jsonb(actor_in('estates')))) end,
				'name', null, 21) as f where v.words is not null))) as x
		  join authority as o on o.id = x.authority_id),
	'bodies', (select coalesce(json_agg(json_build_object('id', x.id, 'name', x.name, 'legal_form', x.legal_form, 'charity_number', x.charity_number)
			order by x.name, x.id), '[]')
		  from (select * from community_body as c where b.id is null and v.words is not null and c.search like all (word_patterns(v.words))
			 order by c.name, c.id limit 21) as x),
	'authorities', (select coalesce(json_agg(json_build_object('id', o.id, 'name', o.name) order by o.name, o.id), '[]')
			  from authority as o where o.id = any ((select actor_in('estates'))::text[]) or (select actor_everywhere('estates'))))::text as body
  from (select $1 as asset, $2 as body, nullif(btrim($3), '') as words, $4 as kind, $5 as land, $6 as land_authority) as v
  left join asset as a on a.id = v.asset and a.removed_at is null
  left join authority as u on u.id = a.authority_id
  left join community_body as b on b.id = v.body
