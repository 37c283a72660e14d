-- follow_told: what came of a letter to a follower, beside mail_tried: it was told up to a position (SENT), or there was nothing to
--   tell and the letter is dropped (NOTHING). GONE: nobody reads there, or who asked may no longer: the follow is
--   erased, and the letter with it.
-- in:  fence bigint, id text, what text, position bigint
with mine as (
	select f.id, f.kind, f.rhythm
	  from mail as m join follow as f on f.id = m.follow_id
	 where m.id = $2 and f.confirmed_at is not null and exists (select from lease as l where l.name = 'mail' and l.fence = $1)
), told as (
	update follow as f
	   set position = greatest(f.position, $4),
	       due_at = case when $3 = 'SENT' or m.kind = 'DUE' then follow_next(m.rhythm, clock_at()) else f.due_at end
	  from mine as m where f.id = m.id and $3 <> 'GONE'
), dropped as (
	delete from mail as m where m.id = $2 and $3 = 'NOTHING' and exists (select from mine)
)
delete from follow as f using mine as m where f.id = m.id and $3 = 'GONE'
