-- mapping_load: whose it is, and which version.
-- in:  id text
-- out: one? authority_id text, version int, name text, gone bool   -- no row: none that the actor may know of
select authority_id, version, name, removed_at is not null as gone from mapping where id = $1
