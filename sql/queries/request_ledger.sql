-- request_ledger: what happened to a request, after one entry, as its reader may see it; of a day what had happened by it, as it
--   was known at a moment, or as far as is known by now.
-- in:  request_id text, after int, take int, valid_on date?, known_at timestamptz?
-- out: many body text, number int
select row_to_json(x)::text as body, e.number
  from request_event as e
  left join request_event_money as m on m.event_id = e.id
	and (e.authority_id = any (actor_in('money')) or actor_everywhere('money')
	     or exists (select from asset_owner as o where o.asset_id = m.asset_id and o.owner_id = any (actor_in('money'))))
 cross join lateral (
	select e.id, e.number, e.event, e.happened_on as "on", utc(e.recorded_at) as recorded_at,
	       case when e.authority_id = any (actor_in('member')) or actor_everywhere('member')
		    then case e.actor_kind when 'AUTHORITY' then coalesce(e.actor, e.actor_kind) else e.actor_kind end else e.actor_kind end as actor,
	       e.state_from, e.state_to, e.level_to, coalesce(e.payload || m.payload, e.payload) as payload,
	       case when $4::date is null or exists (select from request_event as later where later.id = e.superseded_by
			and later.recorded_at <= known_by($5)) then e.superseded_by end as superseded_by
       ) as x
 where e.request_id = $1 and e.number > $2
   and ($4::date is null or (e.happened_on <= $4 and e.recorded_at <= known_by($5)))
 order by e.number
 limit $3
