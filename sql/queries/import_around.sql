-- import_around: what a list of an authority's assets is compared with. ids: of those that it names, which are there.
-- in:  authority_id text, data_zones text[], ids text[]
-- out: one? is_there bool, only_cpp_id text?, zones jsonb, ids jsonb   -- no row: no such authority
select true as is_there, cpp_of(a.id) as only_cpp_id,
       (select coalesce(jsonb_object_agg(z.code, z.decile), '{}') from data_zone as z where z.code = any ($2)) as zones,
       (select coalesce(jsonb_object_agg(i, true), '{}') from (select id::text as i from cpp where id = any ($3)
		union all select id::text from locality where id = any ($3)
		union all select id::text from authority where id = any ($3)) as x) as ids
  from authority as a where a.id = $1
