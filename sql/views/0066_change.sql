-- Changes as their reader may see them, and of them the history that an asset's page tells.
set local role assetd_owner;
set local search_path = assetd, public;

drop function if exists asset_history(text, date, timestamptz);
drop view if exists change_shown;

-- What a change hides, it hides of then too, and of what was published by it everybody sees what it is from then on, not what it
-- was. Money is in it for its readers. `know`: its reader is a member, and sees who made it.
create view change_shown with (security_invoker = true) as
select c.subject, c.subject_seq as seq, c.at, c.type, c.data as said, may.know, c.actor, row_to_json(x) as body
  from change as c
  left join change_money as m on m.change_id = c.id and m.at = c.at
	and (m.readers && actor_in('money') or actor_everywhere('money'))
 cross join lateral (select c.readers && actor_in('member') or actor_everywhere('member') as know) as who
 cross join lateral (select who.know, case when who.know then '{}' else c.hidden end as less) as may
 cross join lateral (select case when not may.know and c.before @> '{"published": false}'
	then '{"published": false}' else c.before end as shown) as was
 cross join lateral (
	select c.id, c.subject_seq as version, c.type, utc(c.at) as at,
	       case when may.know then case c.actor_kind when 'SYSTEM' then 'SYSTEM' else coalesce(c.actor, c.actor_kind) end
		    else c.actor_kind end as actor,
	       c.reason, coalesce(was.shown - may.less || m.before, was.shown - may.less, m.before) as before,
	       coalesce(c.after - may.less || m.after, c.after - may.less, m.after) as after,
	       c.data - may.less || coalesce(m.data, '{}') as data
       ) as x;

-- The last changes of an asset, its plan, values and disposal, the newest first; with a day those that speak of it or of a day
-- before, as known at a moment. One more than a page shows, so that it knows of more. What it began with is its page of that day.
create function asset_history(asset text, day date, moment timestamptz) returns json
	language sql stable
as $$
	select coalesce(json_agg(json_build_object('changed_on', day_at(h.at), 'type', h.type, 'reason', h.body -> 'reason',
		'effective_on', nullif(h.said ->> 'effective_on', day_at(h.at)::text),
		'before', case when h.type <> 'asset.created' then (h.body ->> 'before')::jsonb - 'effective_on' end,
		'after', case when h.type <> 'asset.created' then (h.body ->> 'after')::jsonb - 'effective_on' end,
		'who', case when not h.know then null when h.actor = actor_id() then 'You' when h.body ->> 'actor' = 'SYSTEM' then 'The register itself'
			    else coalesce(w.name, 'Somebody else of the authority or the register') end) order by h.seq desc), '[]')
	  from (select c.* from change_shown as c
		 where c.subject = asset_history.asset and (day is null or c.at <= moment and change_day(c.type, c.at, c.said) <= day)
		 order by c.seq desc limit 21) as h
	  left join principal as w on w.id = h.actor
$$;
