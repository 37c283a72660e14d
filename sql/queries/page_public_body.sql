-- page_public_body: a public body for everybody: what it has by kind and state, with whom it plans, and by each clock that is its
--   own how often it was in time. By a clock that ended fewer than five times nothing is told: one late case would be the figure.
--   Now, or as it was on a day as known at a moment; with whom it plans is of now, since partnerships keep no past.
-- in:  id text, valid_on date?, known_at timestamptz?
-- out: one? body text
with own as materialized (
	select x.class::text, x.lifecycle::text, count(*) as number from asset as x
	 where $2::date is null and x.authority_id = $1 and x.removed_at is null group by x.class, x.lifecycle
	union all
	select x.class, x.lifecycle, count(*) from asset_rows_at($1, null, $2, known_by($3)) as x where $2 is not null group by x.class, x.lifecycle),
asked as materialized (
	select r.id::text, r.state::text, r.deadlines, r.validated_on from request as r where $2 is null and r.authority_id = $1
	union all
	select r.id, r.state, r.deadlines, r.validated_on
	  from request_rows_at(array(select q.id::text from request as q where q.authority_id = $1), $2, known_by($3)) as r where $2 is not null),
dated as materialized (
	select d ->> 'clock' as clock, d ->> 'name' as name, d ->> 'state' as state
	  from asked as r cross join jsonb_array_elements(r.deadlines) as d
	 where d ->> 'whose' = 'AUTHORITY'),
clocked as (
	select c.clock, min(c.name) as name, count(*) filter (where c.state = 'MET') as met, count(*) filter (where c.state = 'MISSED') as missed,
	       count(*) filter (where c.state = 'RUNNING') as running
	  from dated as c group by c.clock),
decided as (
	select (select min(e.happened_on) from request_event as e left join request_event as later on later.id = e.superseded_by
		 where e.request_id = r.id and e.event in ('AGREE', 'REFUSE') and case when $2 is null then e.superseded_by is null
			else e.happened_on <= $2 and e.recorded_at <= known_by($3) and (later.id is null or later.recorded_at > known_by($3)) end)
		- r.validated_on as days
	  from asked as r where r.validated_on is not null)
select json_build_object('id', a.id, 'name', a.name, 'name_gd', a.name_gd, 'kind', a.kind,
	'assets_count', (select coalesce(sum(o.number), 0) from own as o),
	'classes', (select coalesce(json_agg(x order by x.assets_count desc, x.label), '[]')
		      from (select o.class, coalesce(c.label, o.class) as label, sum(o.number)::bigint as assets_count
			      from own as o left join asset_class as c on c.code = o.class group by o.class, c.label) as x),
	'lifecycles', (select coalesce(json_agg(x order by x.assets_count desc, x.lifecycle), '[]')
			 from (select o.lifecycle, sum(o.number)::bigint as assets_count from own as o group by o.lifecycle) as x),
	'requests', (select json_build_object('all_count', count(*), 'open_count', count(*) filter (where s.is_open),
			'transfers_count', count(*) filter (where r.state = 'COMPLETED'))
		       from asked as r join request_state as s on s.code = r.state),
	'clocks', (select coalesce(json_agg(jsonb_build_object('clock', c.clock, 'name', c.name, 'is_held_back', c.met + c.missed < 5, 'running_count', c.running)
			|| case when c.met + c.missed < 5 then '{}'::jsonb else jsonb_build_object('met_count', c.met, 'missed_count', c.missed,
				'percent', round(100.0 * c.met / (c.met + c.missed))) end
			order by c.met + c.missed desc, c.clock), '[]') from clocked as c),
	'decided', (select case when count(d.days) >= 5 then json_build_object('number', count(d.days),
			'days', percentile_disc(0.5) within group (order by d.days)) end from decided as d),
	'cpps', (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) order by p.name, p.id), '[]')
		   from cpp_partner as m join cpp as p on p.id = m.cpp_id where m.authority_id = a.id)
       )::text as body
  from authority as a
 where a.id = $1
