-- freeze_begin: what a run as at a moment is made with, and whether all that may yet say it was
--   known by then is known. Two seconds after the moment whoever began before it is under way, and
--   `above` is beyond them all; when none below that is left, the past is settled. It is a number
--   of our own: a snapshot's xmax is not beyond a writer after whom nobody has ended. And what was
--   committed has its place in the feed, or the run's name would depend on how far that had come.
-- in:  known_at timestamptz, above xid8?
-- out: one position bigint, params_version int, params jsonb, partners jsonb, cpps jsonb, above xid8?, is_settled bool
select coalesce((select f.position from feed as f where f.change_at <= $1 order by f.position desc limit 1), 0) as position,
       coalesce((select max(p.version) from model_parameter as p where p.created_at <= $1), 0) as params_version,
       coalesce((select p.params from model_parameter as p where p.created_at <= $1 order by p.version desc limit 1), '{}') as params,
       (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'is_local_authority', a.kind = 'COUNCIL')
		|| coalesce(g.settings, '{}') order by a.id), '[]')
	  from authority as a left join 
		(select distinct on (s.authority_id) s.authority_id, s.settings from partner_setting as s where s.created_at <= $1 order by s.authority_id, s.version desc) as g on g.authority_id = a.id) as partners,
       (select coalesce(jsonb_agg(jsonb_build_object('cpp', c.cpp_id, 'partner', c.authority_id)
		order by c.cpp_id, c.authority_id), '[]') from cpp_partner as c) as cpps,
       case when $2 is null and clock_at() > $1 + interval '2 seconds' then pg_current_xact_id() end as above,
       (clock_at() > $1 + interval '1 minute' or coalesce($2 <= pg_snapshot_xmin(pg_current_snapshot()), false))
       and not exists (select from change as c
		 where c.xid >= case when s.floor <= pg_snapshot_xmax(pg_current_snapshot()) then s.floor else '0' end
		   and c.at > $1 - interval '1 day' and c.at <= $1 and not exists (select from feed as f where f.change_id = c.id)) as is_settled
  from feed_state as s
