-- feed_blocker: which backend holds the transaction that keeps the feed waiting.
-- in:  horizon xid8
-- out: one? pid int   -- no row: it has ended, or is prepared
select pid from pg_locks
 where locktype = 'transactionid' and granted and pid is not null
   and transactionid::text = (($1::text)::bigint % 4294967296)::text
 limit 1
