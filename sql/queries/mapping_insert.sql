-- mapping_insert: save a mapping.
-- in:  id text, fields jsonb
insert into mapping (id, authority_id, name, columns, presets)
select $1, m.authority_id, m.name, m.columns, coalesce(m.presets, '[]')
  from jsonb_populate_record(null::mapping, $2) as m
