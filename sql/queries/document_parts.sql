-- document_parts: how many parts of a file have arrived, how long they are, and whether none is missing between; originals: the
--   SHA-256 of each document that this one is a redacted copy of.
-- in:  document_id text, part_bytes int
-- out: one count int, bytes bigint, is_gapless bool, originals text?
with recursive up (id, redacts_id) as (
	select d.id, d.redacts_id from document as d where d.id = $1
	 union
	select d.id, d.redacts_id from up join document as d on d.id = up.redacts_id
)
select count(*)::int as count, coalesce(sum(octet_length(bytes)), 0)::bigint as bytes,
       count(*) = coalesce(max(number), -1) + 1
       and count(*) filter (where octet_length(bytes) < $2) <= 1
       and coalesce(bool_and(octet_length(bytes) = $2 or number = (select max(o.number) from document_part as o where o.document_id = $1 and o.number < 1000)), true)
	as is_gapless,
       (select string_agg(encode(d.sha256, 'hex'), ' ') from up join document as d on d.id = up.redacts_id) as originals
  from document_part where document_id = $1 and number < 1000
