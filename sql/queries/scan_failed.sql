-- scan_failed: a file could not be looked at; it is tried again later. Nothing of the document changes.
-- in:  fence bigint, id text, wait_ms bigint
update document as d
   set scan_attempts = d.scan_attempts + 1, scan_due_at = clock_at() + $3 * interval '1 millisecond'
 where d.id = $2 and d.state = 'STORED' and d.scan in ('NOT_SCANNED', 'PENDING')
   and exists (select from lease as l where l.name = 'scan' and l.fence = $1)
