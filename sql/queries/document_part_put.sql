-- document_part_put: a part of a file that is being sent; sent again it takes the place of the first. Takes the
--   document's row, so that of two who send the last two parts the later one sees both.
-- in:  document_id text, number int, bytes bytes
-- out: one? number int   -- no row: the document takes none
with d as (
	update document set touched_at = clock_at() where id = $1 and state = 'UPLOADING' returning id, authority_id
)
insert into document_part as p (document_id, authority_id, number, bytes, sha256)
select d.id, d.authority_id, $2, $3, sha256($3) from d
    on conflict (document_id, number) do update set bytes = excluded.bytes, sha256 = excluded.sha256
returning p.number
