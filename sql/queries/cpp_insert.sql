-- cpp_insert: a new partnership.
-- in:  id text, fields jsonb
insert into cpp (id, name, code)
select $1, x.name, x.code from jsonb_populate_record(null::cpp, $2) as x
