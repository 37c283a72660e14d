-- scan_due: the files that are to be looked at by now: those that are kept back for it, then those that came when nobody looked.
--   One that is put off for longer than any is was put off by a clock that has been set back since.
-- in:  most int, longest_ms bigint
-- out: many id text, version int, byte_count bigint, sha256 text, attempts int, was_public bool
select w.id, w.version, w.byte_count, encode(w.sha256, 'hex') as sha256, w.scan_attempts as attempts, w.published and w.parent_published as was_public
  from (select k.rank, d.id::text, d.version, d.byte_count, d.sha256, d.scan_attempts, d.scan_due_at, d.published, d.parent_published
	  from (values (1, 'PENDING'), (2, 'NOT_SCANNED')) as k (rank, scan)
	 cross join lateral (
		(select * from document as o
		  where o.state = 'STORED' and o.scan in ('NOT_SCANNED', 'PENDING') and o.scan = k.scan and o.scan_due_at <= clock_at()
		  order by o.scan_due_at limit $1)
		union all
		(select * from document as o
		  where o.state = 'STORED' and o.scan in ('NOT_SCANNED', 'PENDING') and o.scan = k.scan
		    and o.scan_due_at > clock_at() + $2 * interval '1 millisecond'
		  order by o.scan_due_at limit $1)) as d) as w
 order by w.rank, w.scan_due_at
 limit $1
