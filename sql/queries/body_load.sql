-- body_load: a community body before it is changed, with the contact that one authority holds.
-- in:  id text, holder_id text?
-- out: one? version int, authority_id text?, fields jsonb
select b.version, b.authority_id::text, to_jsonb(b) || jsonb_build_object('contact',
	(select jsonb_build_object('name', c.name, 'email', c.email, 'address', c.address)
	   from community_body_contact as c where c.community_body_id = b.id and c.authority_id is not distinct from $2)) as fields
  from community_body as b where b.id = $1
