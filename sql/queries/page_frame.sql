-- page_frame: what the frame of every page shows, and the note that a session was used.
-- in:  csrf text?
-- out: one body text
with used as (
	update page_session set seen_at = clock_at()
	 where principal_id = actor_id() and csrf = $1
	   and seen_at < clock_at() - interval '1 minute' and seen_at > clock_at() - interval '30 minutes'
	returning 1)
select json_build_object(
	'position', (select position from feed_state),
	'who', (select json_build_object('name', name, 'csrf', $1) from principal where id = actor_id())
       )::text as body
