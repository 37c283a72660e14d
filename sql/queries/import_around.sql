-- import_around: what a list of an authority's assets is compared with.
-- in:  authority_id text, data_zones text[]
-- out: one? is_there bool, only_cpp_id text?, zones jsonb   -- no row: no such authority
select true as is_there, cpp_of(a.id) as only_cpp_id,
       (select coalesce(jsonb_object_agg(z.code, z.decile), '{}') from data_zone as z where z.code = any ($2)) as zones
  from authority as a where a.id = $1
