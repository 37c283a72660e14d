-- locality_insert: a new locality.
-- in:  id text, fields jsonb
insert into locality (id, name, code, cpp_id, kind)
select $1, x.name, x.code, x.cpp_id, x.kind from jsonb_populate_record(null::locality, $2) as x
