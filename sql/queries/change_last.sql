-- change_last: what last happened to a subject, for whoever met it with an act: the name of who did it where the reader may know.
-- in:  subject text?
-- out: one? type text, at text, actor text, name text?, body text
select c.type, utc(c.at) as at, c.actor, c.name,
       jsonb_build_object('type', c.type, 'at', utc(c.at), 'actor', coalesce(c.name, c.actor))::text as body
  from (select h.type, h.at, h.actor_kind as actor,
	       case when h.actor_kind <> 'SYSTEM' and (h.readers && actor_in('member') or actor_everywhere('member')) then p.name end as name
	  from change as h
	  left join principal as p on p.id = h.actor
	 where h.subject = $1
	 order by h.subject_seq desc
	 limit 1) as c
