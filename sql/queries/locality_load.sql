-- locality_load: a locality before it is changed, and whether the partnership that is sent is there.
-- in:  id text, cpp_id text?
-- out: one version int?, fields jsonb?, has_cpp bool   -- version NULL: no such locality
select l.version, to_jsonb(l) as fields, exists (select from cpp where id = $2) as has_cpp
  from (values ($1)) as v (id)
  left join locality as l on l.id = v.id
