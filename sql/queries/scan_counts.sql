-- scan_counts: how many files are kept back until they have been looked at, and for how many seconds the first of them.
-- out: one waiting bigint, seconds bigint
select count(*) as waiting, coalesce(greatest(extract(epoch from clock_at() - min(touched_at)), 0), 0)::bigint as seconds
  from document where state = 'STORED' and scan = 'PENDING'
