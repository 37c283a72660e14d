-- asset_tombstone: what became of a removed asset: when (the day as people write it), by whom as its reader may know it, why, and which entry that he may know of stands for it.
-- in:  id text
-- out: one? merged_into text?, removed_at text, removed_on text, removed_by text, reason text?
select (select k.id::text from asset as k where k.id = a.merged_into) as merged_into, utc(a.removed_at) as removed_at,
       day_in_words(day_at(a.removed_at)) as removed_on,
       coalesce((select case when c.readers && actor_in('member') or actor_everywhere('member')
			then coalesce(c.actor, c.actor_kind) else c.actor_kind end
		   from change as c where c.subject = a.id and c.subject_seq = a.version), 'AUTHORITY') as removed_by,
       a.removed_reason as reason
  from asset as a
 where a.id = $1 and a.removed_at is not null
