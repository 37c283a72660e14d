-- scan_said: what came of looking at a file, by the holder of the lease with that fence; refused (45) when the document
--   has moved meanwhile. One with a virus is public no longer.
-- in:  fence bigint, id text, seen int, scan text, signature text?
-- out: one done bool
with moved as (
	update document as d
	   set version = d.version + 1, scan = $4::text, scan_signature = $5, scanned_at = clock_at(), published = d.published and $4::text = 'CLEAN'
	 where d.id = $2 and d.version = $3 and d.state = 'STORED' and d.scan in ('NOT_SCANNED', 'PENDING')
	   and exists (select from lease as l where l.name = 'scan' and l.fence = $1)
	returning d.id
)
select must((select count(*) from moved) = 1, 45) as done
