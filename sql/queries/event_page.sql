-- event_page: events after a position as the actor may read them, and how far was looked.
--   types: patterns for LIKE, none for all. Without a subject at most 20,000 positions are looked
--   at, so that a reader who may see little of the feed gets on through it in bounded steps.
-- in:  after bigint, types text[], subject text?, most int
-- out: many upto bigint, position bigint?, body text?, head bigint   -- no event: one row that says how far
with head as (
	select case when $3::text is null then least(position, $1 + 20000) else position end as upto, position as head from feed_state
)
select greatest(h.upto, $1) as upto, e.position, e.body, h.head
  from head as h
  left join lateral (
	select i.position, i.body from feed_after($1, h.upto, $2, $4) as i where $3::text is null
	union all
	select i.position, i.body from feed_of($3, $1, h.upto, $2, $4) as i where $3::text is not null) as e on true
 order by e.position
