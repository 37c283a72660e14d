-- import_lines_insert: some lines of a preview.
-- in:  import_id text, authority_id text, lines jsonb
--      -- [{line, action, asset_id, reference, seen_version, fields, before, changes, problems, cells}]
insert into import_line (import_id, authority_id, line, action, asset_id, reference, seen_version, fields, before,
	changes, problems, cells)
select $1, $2, l.line, l.action, l.asset_id, l.reference, l.seen_version, l.fields, l.before, l.changes, l.problems, l.cells
  from jsonb_to_recordset($3) as l (line int, action text, asset_id text, reference text, seen_version int,
	fields jsonb, before jsonb, changes jsonb, problems jsonb, cells jsonb)
