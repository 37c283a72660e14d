-- body_insert: a new community body, recorded by an authority or by an operator (none).
-- in:  id text, authority_id text?, fields jsonb
insert into community_body (id, authority_id, name, legal_form, charity_number, company_number, members, unmet)
select $1, $2, x.name, x.legal_form, x.charity_number, x.company_number, x.members, coalesce(x.unmet, '{}')
  from jsonb_populate_record(null::community_body, $3) as x
