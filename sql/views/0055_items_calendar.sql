-- Versions of the calendars. What one would move is its operators' alone to see: the requests are
-- read one by one by whoever may.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_calendar;

create view item_calendar with (security_invoker = true) as
select c.id, c.version, case when may.operate then 'o' else 'a' end as view, false as gone, c.state, c.number,
       c.created_at, c.updated_at, (case when may.operate then row_to_json(x)::text
	else (row_to_json(x)::jsonb - 'moves')::text end) as body
  from calendar as c
 cross join lateral (select actor_is_operator() as operate) as may
 cross join lateral (
	select c.id, c.version, utc(c.created_at) as created_at, utc(c.updated_at) as updated_at, c.state, c.number,
	       c.over_id, c.source, c.covers_until, c.instruments, c.clocks, c.holidays, c.added, c.missing, calendar_taken_back(c) as taken_back, c.moves,
	       utc(c.applied_at) as applied_at,
	       json_build_object('self', '/v1/calendars/' || c.id, 'apply', '/v1/calendars/' || c.id || '/apply',
			'moves', '/v1/calendars/' || c.id || '/moves') as links
       ) as x;
