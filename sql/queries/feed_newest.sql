-- feed_newest: the newest events of what a question means, the last first. Where it means too much to look up one by one, among the
--   last 20,000 changes.
-- in:  filter jsonb, most int
-- out: many id text, type text, subject text, name text, at text, due_on text?, due_name text?, is_past bool, about text?
select e.id, e.type, e.subject, e.name, e.at, e.due_on, e.due_name, e.is_past, e.about::text as about
  from feed_state as h
 cross join lateral (select * from followed($1, case when followed_subjects($1) is null then h.position - 20000 else 0 end,
		h.position, $2, true)) as e
 order by e.pos desc
