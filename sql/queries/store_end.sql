-- store_end: what a write answers with, rendered in its own transaction: the item as it now is and
--            its last event, or the item's when there was nothing left to do; kept under the
--            Idempotency-Key where there is one.
-- in:  kind text, id text, status int, key text?
-- out: one? etag text, location text?, event_id text?, body text   -- no row: written, but not for this reader
with reply as materialized (
	select '"' || version || '-' || view || '"' as etag,
	       case when $1 = 'ast' and $3 = 201 then asset_answer(body, $2) else body end as body,
	       case when $3 = 201 then body::json -> 'links' ->> 'self' end as location,
	       coalesce((select max(id) from change where at = clock_at() and xid = pg_current_xact_id()),
			(select id from change where subject = $2 order by subject_seq desc limit 1)) as event_id
	  from item($1, $2)
), kept as (
	update idempotency_key as k
	   set status = $3, etag = r.etag, location = r.location, event_id = r.event_id,
	       content_type = 'application/json', body = r.body
	  from reply as r
	 where k.principal_id = actor_id() and k.key = $4
)
select etag, location, event_id::text, body from reply
