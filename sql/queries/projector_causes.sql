-- projector_causes: the latest changes after a position that are about land of an authority, or the model, and so
--   may have moved its forecast while nobody was looking: for a process that has just taken over.
--   An asset is read as it is, so all that is committed by now is among them, with a position or not.
-- in:  authority_id text, after bigint, most int
-- out: many change_id text
with waiting as (
	select c.id, c.subject, c.readers
	  from change as c, feed_state as s
	 where c.xid >= case when s.floor <= pg_snapshot_xmax(pg_current_snapshot()) then s.floor else '0' end
	   and c.at > clock_at() - interval '1 day' and not exists (select from feed as f where f.change_id = c.id)
), latest as (
	select f.position, f.change_id as id, f.subject, f.readers from feed as f
	 where f.position > greatest($2, (select s.position - 10000 from feed_state as s))
	union all
	select null, id, subject, readers from waiting
)
select l.id as change_id
  from (select l.id, l.position
	  from latest as l
	  left join request as r on l.subject like 'atr\_%' and r.id = l.subject
	 where l.subject = 'par_00000000000000000000000000' or l.subject like any ('{ast\_%,atr\_%,par\_%}')
	   and (l.readers @> array[$1] or exists (select from asset_owner as o
			where o.asset_id = coalesce(r.asset_id::text, l.subject) and o.owner_id = $1))
	 order by l.position desc nulls first, l.id desc
	 limit $3) as l
 order by l.position nulls last, l.id
