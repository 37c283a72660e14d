-- budget_load: a version of an authority's budget for receipts, and all its versions; version 0 is none. Without `wanted`
--   the newest.
-- in:  authority_id text, wanted int?
-- out: one? version int, newest int, years jsonb, created_at text?, note text?, versions jsonb, event_id text?   -- no row: no such authority, or version
with version as (
	select v.version, v.years, v.created_at, v.actor, v.note from receipt_budget as v where v.authority_id = $1
	union all
	select 0, '[]', null, null, null
)
select v.version, n.version as newest, v.years, utc(v.created_at) as created_at, v.note,
       (select jsonb_agg(jsonb_build_object('version', h.version, 'created_at', utc(h.created_at), 'actor', h.actor,
		'note', h.note) order by h.version desc)
	  from (select * from version as a order by a.version desc limit 200) as h) as versions,
       (select c.id from change as c where c.subject = 'bud_' || substr($1, 5) order by c.subject_seq desc limit 1) as event_id
  from (select max(x.version) as version from version as x) as n
  join version as v on v.version = coalesce($2, n.version)
 where exists (select from authority as a where a.id = $1)
