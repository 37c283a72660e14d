-- movement_runs: the two runs of a movement, as whoever asks may know of them, whether it plans with an authority,
--   and what the register must include.
-- in:  from_run text?, to_run text?, authority_id text?, own text[]
-- out: one from_run json?, to_run json?, shares_plan bool, is_chosen bool, position bigint, event_id text?
--      -- from_run: the newest where none is named; null: no such run
--      -- is_chosen: one of them is of parameters, an overlay, a day or a moment that somebody chose, and so not of the forecast as it stood
with run as (
	select r.id, json_build_object('run', r.id, 'name', r.name, 'tag', r.tag, 'as_of', r.as_of_on, 'position', r.position,
		'created_at', utc(r.created_at), 'authority_id', r.authority_id) as body
	  from projection_run as r
)
select (select run.body from run where run.id = coalesce($1, (select max(n.id::text) from projection_run as n))) as from_run,
       (select run.body from run where run.id = $2) as to_run,
       exists (select from cpp_partner as ours join cpp_partner as theirs using (cpp_id)
		where ours.authority_id = any ($4) and theirs.authority_id = $3) as shares_plan,
       exists (select from projection_run as r
		where r.id in (coalesce($1, (select max(n.id::text) from projection_run as n)), $2) and r.year_end_on is null
		  and not (r.parameters_set = '{}' and r.overlay = '[]' and r.valid_on is null and r.as_of_on = day_at(r.created_at))) as is_chosen,
       s.position,
       (select c.id from change as c
	 where c.xid >= case when s.floor <= pg_snapshot_xmax(pg_current_snapshot()) then s.floor else '0' end
	   and c.at > clock_at() - interval '1 day' and not exists (select from feed as f where f.change_id = c.id)
	 order by c.xid desc, c.id desc limit 1) as event_id
  from feed_state as s
