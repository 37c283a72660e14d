-- import_insert: keep a preview; its lines follow (import_lines_insert).
-- in:  id text, authority_id text, encoding text, columns text[], mapping jsonb, counts jsonb, sha256 text,
--      byte_count bigint, kind text, valid_on date?
insert into import (id, authority_id, principal_id, kind, encoding, columns, mapping, counts, sha256, byte_count,
	valid_on)
values ($1, $2, actor_id(), $9, $3, $4, $5, $6, $7, $8, $10)
