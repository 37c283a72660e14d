-- body_contact_put: the contact that an authority holds of a body; NULL takes it away.
-- in:  authority_id text?, body_id text, contact jsonb?
with gone as (
	delete from community_body_contact where authority_id is not distinct from $1 and community_body_id = $2 and $3::jsonb is null
)
insert into community_body_contact as c (authority_id, community_body_id, name, email, address)
select $1, $2, x.name, x.email, x.address
  from jsonb_to_record($3) as x (name text, email text, address text)
 where $3 is not null
on conflict (authority_id, community_body_id) do update
	set name = excluded.name, email = excluded.email, address = excluded.address, updated_at = clock_at()
