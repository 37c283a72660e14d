-- What public bodies plan with their land, and what lies beside what: now, and as it was true on a day and known at a moment.
set local role assetd_owner;
set local search_path = assetd, public;

drop function if exists cpp_plans_at(text, date, date, text, text, int, date, text, int, date, timestamptz);
drop function if exists cpp_sites_at(text, date, timestamptz);
drop function if exists planned_asset_at(date, timestamptz);
drop function if exists plans_item(planned_asset, json, json, json);
drop function if exists cpp_sites(text);
drop function if exists planned_beside(text, int);
drop view if exists planned_asset;

-- Assets with a plan to sell or let, or with an open request; without a plan they come last. For
-- whoever may know of them: the policies of the tables decide.
create view planned_asset with (security_invoker = true) as
select a.id, a.name, a.class, a.lifecycle, a.authority_id, a.cpp_id, a.locality_id, a.decile, a.address, a.postcode, a.uprn,
       a.easting, a.northing, a.lat, a.lon, a.part_of, p.id as plan_id, p.method, p.stage, p.planned_on,
       coalesce(p.planned_on, 'infinity'::date) as sort_on
  from asset as a
  left join disposal_plan as p on p.asset_id = a.id and p.method <> 'NONE'
 where a.removed_at is null and a.lifecycle <> 'DISPOSED'
   and (p.id is not null
	or exists (select from request as r join request_state as s on s.code = r.state and s.is_open where r.asset_id = a.id));

-- Sites of a partnership on which several public bodies hold land, planned or not: by a common UPRN, as parts of one asset, by an
-- overlap that an officer has confirmed, within 10 metres of each other, or as owners of one asset. At most 50, those with a request first.
create function cpp_sites(cpp text) returns json
	language plpgsql stable
	set plan_cache_mode = force_generic_plan
as $$
begin
	return (
	select coalesce(json_agg(json_build_object('same_site', s.same_site,
		'authorities', (select json_agg(json_build_object('id', u.id, 'name', u.name) order by u.name, u.id) from authority as u where u.id = any (s.bodies)),
		'assets', (select json_agg(json_build_object('asset_id', a.id, 'name', a.name, 'authority_id', a.authority_id, 'authority_name', u.name,
				'method', p.method, 'planned_on', p.planned_on) order by p.planned_on nulls last, a.name, a.id)
			     from asset as a join authority as u on u.id = a.authority_id
			     left join disposal_plan as p on p.asset_id = a.id and p.method <> 'NONE' where a.id = any (s.ids)),
		'requests', (select coalesce(json_agg(json_build_object('id', r.id, 'reference', r.reference, 'asset_id', r.asset_id, 'authority_id', r.authority_id,
				'state', r.state, 'community_body_name', (select b.name from community_body as b where b.id = r.community_body_id))
				order by r.received_on, r.id), '[]')
			       from request as r join request_state as t on t.code = r.state and t.is_open where r.asset_id = any (s.ids)))
		order by s.is_asked desc, s.ids collate "C"), '[]')
	  from cpp_sites_found(cpp) as s);
end
$$;

-- What the answer says of an asset; of a request; of the partnership itself. In PL/pgSQL, which keeps its plan: functions in SQL with the
-- row policies of what they ask were planned anew in each page.
create function plans_item(p planned_asset, owners json, requests json, beside json) returns json
	language plpgsql stable
as $$
begin
	return (select json_build_object('asset_id', p.id, 'name', p.name, 'class', p.class, 'lifecycle', p.lifecycle,
		'authority_id', p.authority_id, 'authority_name', u.name, 'address', p.address, 'postcode', p.postcode, 'uprn', p.uprn,
		'easting', p.easting, 'northing', p.northing, 'lat', p.lat, 'lon', p.lon,
		'locality_id', p.locality_id, 'locality_name', (select l.name from locality as l where l.id = p.locality_id), 'decile', p.decile,
		'owners', owners,
		'plan', case when p.plan_id is not null then json_build_object('method', p.method, 'stage', p.stage, 'planned_on', p.planned_on,
			'year', y.year, 'quarter', y.year || 'Q' || extract(quarter from p.planned_on - interval '3 months')) end,
		'requests', requests, 'beside', beside)
	  from authority as u cross join lateral financial_year(p.planned_on) as y (year)
	 where u.id = p.authority_id);
end
$$;

create or replace function plans_request(r request, today date) returns json
	language plpgsql stable
as $$
begin
	return json_build_object('id', r.id, 'reference', r.reference, 'kind', r.kind, 'state', r.state, 'benefit_score', r.benefit_score,
		'community_body_name', (select b.name from community_body as b where b.id = r.community_body_id),
		'next_on', next_due(r.state, r.deadlines, today));
end
$$;

create or replace function plans_cpp(c cpp) returns json
	language plpgsql stable
as $$
begin
	return json_build_object('id', c.id, 'name', c.name,
		'partners', (select coalesce(json_agg(json_build_object('id', u.id, 'name', u.name) order by u.name, u.id), '[]')
			       from cpp_partner as w join authority as u on u.id = w.authority_id where w.cpp_id = c.id),
		'localities', (select coalesce(json_agg(json_build_object('id', l.id, 'name', l.name) order by l.name, l.id), '[]')
				 from locality as l where l.cpp_id = c.id));
end
$$;

-- planned_asset of then, from facts.
create function planned_asset_at(day date, moment timestamptz) returns setof planned_asset
	language plpgsql stable
as $$
begin
	return query
	with plan as materialized (
		select f.subject::text as asset_id, f.body from fact as f
		 where f.part = 'plan' and f.valid @> day and f.known @> moment and f.body ->> 'method' <> 'NONE'
	), one as (
		select p.asset_id from plan as p
		union select r.asset_id from request_rows_at(null, day, moment) as r where r.is_open and r.asset_id is not null
	)
	select a.id, a.name, a.class, a.lifecycle, a.authority_id, a.cpp_id, a.locality_id, a.decile, a.address, a.postcode, a.uprn,
	       a.easting, a.northing, a.lat, a.lon, a.part_of, w.id, w.method, w.stage, w.planned_on, coalesce(w.planned_on, 'infinity'::date)
	  from one
	  join fact as f on f.subject = one.asset_id and f.part = 'asset' and f.valid @> day and f.known @> moment
	 cross join lateral jsonb_populate_record(null::asset, f.body || jsonb_build_object('id', f.subject)) as a
	  left join plan as p on p.asset_id = one.asset_id
	  left join lateral jsonb_populate_record(null::disposal_plan, p.body) as w on p.body is not null
	 where a.removed_at is null and a.lifecycle <> 'DISPOSED' and asset_was_shown(one.asset_id, f.authority_id, day, moment);
end
$$;

-- cpp_sites() of then. Of a pair only what holds of it now is kept, and when that was decided (land_overlap_at). Who stands within 10
-- metres is found by squares of that size, for facts have no index of places.
create function cpp_sites_at(cpp text, day date, moment timestamptz) returns json
	language plpgsql stable
as $$
begin
	return (
	with held as materialized (
		select a.id::text, a.name, a.uprn::text, coalesce(a.part_of, a.id)::text as whole, a.authority_id::text, a.easting, a.northing,
		       array(select a.authority_id::text union select o ->> 'authority_id' from fact as w, jsonb_array_elements(w.body -> 'owners') as o
			where w.subject = a.id and w.part = 'owners' and w.valid @> day and w.known @> moment) as bodies
		  from asset_found_at(jsonb_build_object('cpp_id', jsonb_build_array(cpp)), 'id', null, 1000000, day, moment) as q
		  join fact as f on f.subject = q.id and f.part = 'asset' and f.valid @> day and f.known @> moment
		 cross join lateral jsonb_populate_record(null::asset, f.body || jsonb_build_object('id', f.subject)) as a
		 where a.lifecycle <> 'DISPOSED'
	), asked as materialized (
		select r.* from request_rows_at(array(select q.id::text from request as q join held as h on h.id = q.asset_id::text), day, moment) as r
		 where r.is_open
	), member as (
		select 'UPRN' as same_site, h.uprn as site, h.id from held as h where h.uprn is not null
		union select 'PART', h.whole, h.id from held as h
		union select 'OWNERS', h.id, h.id from held as h
		union select 'PAIR', q.asset_id || '/' || q.other_id, unnest(array[q.asset_id::text, q.other_id::text])
		  from land_pair as q join held as h on h.id = q.asset_id::text join held as k on k.id = q.other_id::text
		 where q.state = 'CONFIRMED' and q.updated_at <= moment
		union select 'PLACE', h.id, unnest(array[h.id, k.id])
		  from held as h cross join generate_series(-1, 1) as x cross join generate_series(-1, 1) as y
		  join held as k on k.easting / 10 = h.easting / 10 + x and k.northing / 10 = h.northing / 10 + y
		 where k.id > h.id and k.authority_id <> h.authority_id
		   and point(k.easting, k.northing) <@ circle(point(h.easting, h.northing), 10)
	), site as (
		select m.same_site, array_agg(distinct h.id order by h.id) as ids, array_agg(distinct w.body order by w.body) as bodies
		  from member as m join held as h on h.id = m.id cross join lateral unnest(h.bodies) as w (body)
		 group by m.same_site, m.site having count(distinct w.body) > 1
	), once as (
		select distinct on (s.ids) s.same_site, s.ids, s.bodies, exists (select from asked as r where r.asset_id = any (s.ids)) as is_asked
		  from site as s order by s.ids, array_position(array['OWNERS', 'PART', 'UPRN', 'PAIR', 'PLACE'], s.same_site)
	), shown as (
		select * from once as o order by o.is_asked desc, o.ids limit 50
	)
	select coalesce(json_agg(json_build_object('same_site', s.same_site,
		'authorities', (select json_agg(json_build_object('id', u.id, 'name', u.name) order by u.name, u.id) from authority as u where u.id = any (s.bodies)),
		'assets', (select json_agg(json_build_object('asset_id', h.id, 'name', h.name, 'authority_id', h.authority_id, 'authority_name', u.name,
				'method', p.body ->> 'method', 'planned_on', p.body ->> 'planned_on') order by p.body ->> 'planned_on' nulls last, h.name, h.id)
			     from held as h join authority as u on u.id = h.authority_id
			     left join fact as p on p.subject = h.id and p.part = 'plan' and p.valid @> day and p.known @> moment
				and p.body ->> 'method' <> 'NONE' where h.id = any (s.ids)),
		'requests', (select coalesce(json_agg(json_build_object('id', r.id, 'reference', r.reference, 'asset_id', r.asset_id, 'authority_id', r.authority_id,
				'state', r.state, 'community_body_name', (select b.name from community_body as b where b.id = r.community_body_id))
				order by r.received_on, r.id), '[]')
			       from asked as r where r.asset_id = any (s.ids)))
		order by s.is_asked desc, s.ids), '[]')
	  from shown as s);
end
$$;

-- What the query cpp_plans answers, of then: with the day and the moment, as items of then have them, and without what is expected of receipts.
create function cpp_plans_at(cpp text, from_on date, until_on date, authority text, locality text, metres int, after_on date, after_id text, take int,
	day date, moment timestamptz) returns text
	language plpgsql stable
as $$
#variable_conflict use_variable
begin
	return (
	with planned as materialized (
		select p from planned_asset_at(day, moment) as p
	), owned as materialized (
		select f.subject::text as asset_id, o ->> 'authority_id' as owner_id, (o ->> 'units')::bigint as units
		  from planned as s join fact as f on f.subject = (s.p).id and f.part = 'owners' and f.valid @> day and f.known @> moment
		 cross join jsonb_array_elements(f.body -> 'owners') as o
	), asked as materialized (
		select r.* from request_rows_at(null, day, moment) as r where r.is_open
	), shown as materialized (
		select s.p from planned as s
		 where (s.p).cpp_id = cpp and (from_on is null or (s.p).planned_on between from_on and until_on)
		   and (authority is null or (s.p).authority_id = authority
			or exists (select from owned as o where o.asset_id = (s.p).id and o.owner_id = authority))
		   and (locality is null or (s.p).locality_id = locality)
		   and (after_id is null or ((s.p).sort_on, (s.p).id::text) > (coalesce(after_on, 'infinity'), after_id))
		 order by (s.p).sort_on, (s.p).id limit take
	), apart as (
		select (s.p).id as of_id, s.p as one, o.p as other, point((o.p).easting, (o.p).northing) <-> point((s.p).easting, (s.p).northing) as metres
		  from shown as s join planned as o on (o.p).id <> (s.p).id
	), measured as (
		select m.of_id, (m.one).authority_id as of_authority, m.other, m.metres, round(m.metres::numeric)::bigint as distance,
		       case when (m.other).part_of = m.of_id or (m.one).part_of = (m.other).id then 'PART' when (m.other).uprn = (m.one).uprn then 'UPRN'
			    when (least((m.other).id::text, m.of_id), greatest((m.other).id::text, m.of_id)) in (select q.asset_id::text, q.other_id::text
				from land_pair as q where q.state = 'CONFIRMED' and q.updated_at <= moment) then 'PAIR'
			    when m.metres <= 10 then 'PLACE' end as same_site
		  from apart as m
	), nearest as (
		select m.*, row_number() over (partition by m.of_id order by m.same_site is null, m.metres nulls first, (m.other).id) as n
		  from measured as m where m.same_site is not null or m.metres <= cpp_plans_at.metres
	)
	select json_build_object('cpp', plans_cpp(c), 'sites', cpp_sites_at(c.id, day, moment), 'outcomes', cpp_outcomes(c.id, day, moment),
		'benefits', (select coalesce(json_agg(json_build_object('authority_id', u.id, 'requests', t.n, 'scored', t.scored, 'score', t.score,
				'benefit_pence', case when u.id = any (actor_in('money')) or actor_everywhere('money') then t.benefit end) order by u.name, u.id), '[]')
			       from cpp_partner as w join authority as u on u.id = w.authority_id
			      cross join lateral (select count(*) as n, count((r.was).benefit_score) as scored, sum((r.was).benefit_score)::bigint as score,
					sum((m.body ->> 'benefit_pence')::bigint)::bigint as benefit
				     from asked as r
				     join fact as f on f.subject = r.asset_id and f.part = 'asset' and f.valid @> day and f.known @> moment
				     left join fact as m on m.subject = r.id and m.part = 'request_money' and m.valid @> day and m.known @> moment
				    where r.authority_id = u.id and f.body ->> 'cpp_id' = c.id) as t
			      where w.cpp_id = c.id),
		'items', (select coalesce(json_agg(plans_item(s.p,
				(select coalesce(json_agg(json_build_object('authority_id', w.id, 'name', w.name, 'units', o.units) order by w.name, w.id), '[]')
				   from owned as o join authority as w on w.id = o.owner_id where o.asset_id = (s.p).id),
				(select coalesce(json_agg(plans_request(r.was, day) order by r.received_on, r.id), '[]') from asked as r where r.asset_id = (s.p).id),
				(select coalesce(json_agg(json_build_object('asset_id', (b.other).id, 'name', (b.other).name, 'authority_id', (b.other).authority_id,
						'authority_name', (select w.name from authority as w where w.id = (b.other).authority_id),
						'is_other_partner', (b.other).authority_id <> b.of_authority, 'distance_m', b.distance, 'same_site', b.same_site,
						'method', (b.other).method, 'planned_on', (b.other).planned_on) order by b.n), '[]')
				   from nearest as b where b.of_id = (s.p).id and b.n <= 20))
				order by (s.p).sort_on, (s.p).id), '[]')
			    from shown as s),
		'valid_on', day, 'known_at', utc(case when isfinite(moment) then moment - interval '50 microseconds' else clock_at() end))::text
	  from cpp as c
	 where c.id = cpp_plans_at.cpp);
end
$$;
