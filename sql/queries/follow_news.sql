-- follow_news: what a follower has not been told: events of what a question means, in their order, behind a position. What was
--   corrected since is left out, and so is a day that is another by now.
-- in:  filter jsonb, after bigint, most int
-- out: many upto bigint, id text?, type text?, subject text?, name text?, at text?, due_on text?, due_name text?, about text?   -- nothing: one row that says how far
select h.position as upto, e.id, e.type, e.subject, e.name, e.at, e.due_on, e.due_name, e.about::text as about
  from feed_state as h
  left join lateral (select * from followed($1, $2, h.position, $3, false) as w where not w.is_past) as e on true
 order by e.pos
