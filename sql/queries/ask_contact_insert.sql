-- ask_contact_insert: whom the authority that was asked writes to, of a body that it did not know.
-- in:  authority_id text, body_id text, contact jsonb
insert into community_body_contact (authority_id, community_body_id, name, email, address)
select $1, $2, x.name, x.email, x.address from jsonb_to_record($3) as x (name text, email text, address text)
