-- page_body: a community body with the requests that the actor may know of, the contact that one authority keeps of it, and what others
--   changed of the body since a version. The contact is of the authority that is asked for, else of the actor's first that keeps one, else
--   of the actor's first.
-- in:  id text, authority_id text?, seen int
-- out: one? version int, recorder text?, holder text?, body text   -- no row: no such body
select b.version, b.authority_id::text as recorder, h.id as holder, json_build_object(
	'body', jsonb_build_object('id', b.id, 'name', b.name, 'legal_form', b.legal_form, 'charity_number', b.charity_number,
		'company_number', b.company_number, 'members', b.members, 'unmet', b.unmet, 'updated_at', utc(b.updated_at)),
	'recorded_by', (select a.name from authority as a where a.id = b.authority_id),
	'holder_name', (select a.name from authority as a where a.id = h.id),
	'contact', (select json_build_object('name', c.name, 'email', c.email, 'address', c.address)
		      from community_body_contact as c where c.community_body_id = b.id and c.authority_id = h.id),
	'holders', (select coalesce(json_agg(json_build_object('id', a.id, 'name', a.name) order by a.name, a.id), '[]')
		      from authority as a where a.id = any ((select actor_in('estates'))::text[]) or (select actor_everywhere('estates'))),
	'requests_count', (select count(*) from request as r where r.community_body_id = b.id),
	'requests', (select coalesce(json_agg(x order by x.received_on desc nulls last, x.id desc), '[]')
		from (select r.id, r.reference, r.state, r.received_on, o.name as authority_name,
			     coalesce(a.name, r.land ->> 'description', '') as asset_name
			from request as r join authority as o on o.id = r.authority_id left join asset as a on a.id = r.asset_id
		       where r.community_body_id = b.id
		       order by r.received_on desc nulls last, r.id desc limit 100) as x),
	'changes', (select coalesce(json_agg(json_build_object('who', case when c.actor = actor_id() then 'You'
				else coalesce(w.name, 'Somebody of a public body') end, 'type', c.type, 'changed_at', utc(c.at),
			'before', c.before, 'after', c.after) order by c.subject_seq), '[]')
		      from (select * from change where subject = b.id and subject_seq > $3 order by subject_seq limit 50) as c
		      left join principal as w on w.id = c.actor))::text as body
  from community_body as b
  left join lateral (
	select a.id::text as id
	  from authority as a
	  left join community_body_contact as c on c.authority_id = a.id and c.community_body_id = b.id
	 where a.id = any ((select actor_in('estates'))::text[]) or (select actor_everywhere('estates'))
	 order by a.id = $2 desc nulls last, c.community_body_id is not null desc, a.id is not distinct from b.authority_id desc, a.name, a.id
	 limit 1) as h on true
 where b.id = $1
