-- mapping_find: an authority's saved mapping by its name, without case.
-- in:  authority_id text, name text
-- out: one? fields jsonb   -- no row: there is none
select jsonb_build_object('authority_id', m.authority_id, 'name', m.name, 'columns', m.columns, 'presets', m.presets) as fields
  from mapping as m where m.authority_id = $1 and lower(m.name collate "C") = lower($2 collate "C") and m.removed_at is null
