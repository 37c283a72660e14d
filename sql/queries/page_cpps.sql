-- page_cpps: community planning partnerships to choose from, by name.
-- out: one body text
select coalesce(json_agg(json_build_object('id', c.id, 'name', c.name) order by c.name, c.id), '[]')::text as body
  from cpp as c
