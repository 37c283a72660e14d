-- cpp_load: a partnership before it is changed, and the first of these authorities that is not there.
-- in:  id text, partners text[]
-- out: one version int?, fields jsonb?, unknown_partner text?   -- version NULL: no such partnership
select c.version, to_jsonb(c) || jsonb_build_object('partners',
	(select jsonb_agg(p.authority_id order by p.authority_id) from cpp_partner as p where p.cpp_id = c.id)) as fields,
       (select o from unnest($2) as o where not exists (select from authority where id = o) limit 1) as unknown_partner
  from (values ($1)) as v (id)
  left join cpp as c on c.id = v.id
