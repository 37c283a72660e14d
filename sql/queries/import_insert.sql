-- import_insert: keep a preview with its lines.
-- in:  id text, authority_id text, encoding text, columns text[], mapping jsonb, counts jsonb, sha256 text,
--      byte_count bigint, lines jsonb   -- [{line, action, asset_id, reference, seen_version, fields, before, changes, problems}]
with made as (
	insert into import (id, authority_id, principal_id, kind, encoding, columns, mapping, counts, sha256, byte_count)
	values ($1, $2, actor_id(), 'ASSETS', $3, $4, $5, $6, $7, $8)
	returning id, authority_id
)
insert into import_line (import_id, authority_id, line, action, asset_id, reference, seen_version, fields, before,
	changes, problems)
select made.id, made.authority_id, l.line, l.action, l.asset_id, l.reference, l.seen_version, l.fields, l.before,
       l.changes, l.problems
  from made, jsonb_to_recordset($9) as l (line int, action text, asset_id text, reference text, seen_version int,
	fields jsonb, before jsonb, changes jsonb, problems jsonb)
