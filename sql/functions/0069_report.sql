-- Asset transfer reports (section 95): which days a reporting year has, what its lines count, and what
-- a reader is shown of it. The lines and their rules are rows of report_line (sql/data/report_line.csv).
set local role assetd_owner;
set local search_path = assetd, public;

-- A reporting year by the year in which it begins: 1 April to 31 March, the first of all from the
-- day on which the Act began to apply (clock K27).
create or replace function report_from(year int) returns date
	language sql immutable parallel safe
	return case year when 2017 then date '2017-01-23' else make_date(year, 4, 1) end;

create or replace function report_to(year int) returns date
	language sql immutable parallel safe
	return make_date(year + 1, 3, 31);

-- The last day to publish (clocks K26 and K27).
create or replace function report_due(year int) returns date
	language sql immutable parallel safe
	return make_date(year + 1, 6, 30);

-- 2025: '2025-26'.
create or replace function report_year_words(year int) returns text
	language sql immutable parallel safe
	return financial_year(report_to(year));

-- The newest reporting year that has ended by a day: the one that is owed, or was. The first ended on 31 March 2018.
drop function if exists report_year_ended();
create or replace function report_year_ended(day date default clock_day()) returns int
	language sql stable parallel safe
	return extract(year from day - interval '3 months')::int - 1;

-- Must the authority report on that year? It is on schedule 3 on some day of it.
create or replace function report_is_owed(authority text, year int) returns boolean
	language sql stable
as $$
	select exists (select from authority_duty as d where d.authority_id = authority and d.schedule = 3
		and daterange(d.from_on, d.to_on, '[]') && daterange(report_from(year), report_to(year), '[]'))
$$;

-- Does the authority keep its register here? Land of theirs is listed, somebody of theirs may sign in, or they have published a
-- report here before. A request alone does not say so: anybody may ask any body for land (DECISIONS 187). With its owner's rights,
-- since it must not hang on who asks; that somebody has an account is all that it gives away.
create or replace function report_is_kept(authority text) returns boolean
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select exists (select from asset as a where a.authority_id = authority and a.published and a.removed_at is null)
	    or exists (select from principal_role as p where p.authority_id = authority)
	    or exists (select from report_version as v where v.authority_id = authority)
$$;

-- Every case that a line of the authority's report counts, by the ledger as it stands, of what the actor may
-- read. An act counts on the day on which it took effect, whenever it was recorded.
create or replace function report_cases(authority text, year int)
	returns table (line text, request_id text, event_id text, happened_on date)
	language sql stable
as $$
	select l.code, e.request_id, e.id, e.happened_on
	  from report_line as l
	  join request_event as e on e.event = any (l.events)
	  join request as r on r.id = e.request_id
	 where e.authority_id = authority and e.superseded_by is null
	   and e.happened_on between report_from(year) and report_to(year)
	   and (l.state_to is null or e.state_to = l.state_to)
	   and (l.kind is null or r.kind = l.kind)
	   and (l.payload_key is null or e.payload ->> l.payload_key = l.payload_value)
	   and (l.unless is null or not exists (select from request_event as o
		where o.request_id = e.request_id and o.event = l.unless and o.superseded_by is null))
$$;

-- The lines with their figures, in order.
create or replace function report_lines(authority text, year int) returns json
	language sql stable
as $$
	select json_agg(json_build_object('line', l.code, 'label', l.label, 'value', f.value, 'unit', l.unit,
			'citation', l.citation, 'confidence', l.confidence, 'rule', l.rule) order by l.ordinal)
	  from report_line as l
	  left join (select c.line, count(*) as cases, coalesce(sum(a.area_m2), 0) as m2
		       from report_cases(authority, year) as c
		       join request as r on r.id = c.request_id
		       left join asset as a on a.id = r.asset_id
		      group by c.line) as n on n.line = l.code
	 cross join lateral (select coalesce(case l.unit when 'M2' then n.m2 else n.cases end, 0)::bigint as value) as f
$$;

-- {"A": 3, …} of such lines.
create or replace function report_figures(lines json) returns jsonb
	language sql immutable parallel safe
as $$
	select jsonb_object_agg(l ->> 'line', l -> 'value') from json_array_elements(lines) as l
$$;

-- Which version a reader is shown: its number, 0 the draft, which is its authority's alone; null none.
-- wanted null: the newest that was published, else the draft.
create or replace function report_shown(authority text, year int, wanted int) returns int
	language sql stable
as $$
	select case when v.number > 0 or authority = any (actor_in('member')) or actor_everywhere('member') then v.number end
	  from (select case when wanted > 0 then (select p.number from report_version as p where p.authority_id = authority
							and p.year = report_shown.year and p.number = wanted)
			    when wanted is null then coalesce((select max(p.number) from report_version as p
							where p.authority_id = authority and p.year = report_shown.year), 0)
			    else 0 end as number) as v
$$;

-- Does the draft say anything else than what was published last? Only its authority is told.
create or replace function report_differs(authority text, year int) returns boolean
	language sql stable
as $$
	select coalesce((select (p.promotion, p.support, report_figures(p.lines))
				is distinct from (r.promotion, r.support, report_figures(report_lines(authority, r.year)))
			   from report as r
			   join report_version as p on p.report_id = r.id and p.number = r.published
			  where r.authority_id = authority and r.year = report_differs.year), true)
$$;

-- NOT_OWED: nothing is published, and nothing need be. NOT_KEPT: whether it is published cannot be known here. RUNNING: the year
-- has not ended. DUE, OVERDUE: it has.
drop function if exists report_state(int, boolean);
drop function if exists report_state(int, boolean, boolean);
drop function if exists report_state(int, boolean, boolean, date);
create or replace function report_state(year int, is_published boolean, is_owed boolean, is_kept boolean, day date default clock_day()) returns text
	language sql stable parallel safe
	return case when is_published then 'PUBLISHED' when not is_owed then 'NOT_OWED' when not is_kept then 'NOT_KEPT' when report_to(year) >= day then 'RUNNING'
		when report_due(year) < day then 'OVERDUE' else 'DUE' end;

-- A report as an item; with whole false as lists have it, without lines, texts and versions. No row: there is
-- no such authority or version, the year has not begun, or it is not for this reader.
create or replace function report_item(authority text, year int, wanted int, whole boolean)
	returns table (version int, view text, body text)
	language sql stable
as $$
	select coalesce(r.version, 0), left(md5(x.body), 12), x.body
	  from authority as a
	 cross join lateral (select report_shown(a.id, report_item.year, wanted) as number,
				    (select min(v.published_on) from report_version as v where v.authority_id = a.id
					and v.year = report_item.year) as first_on) as s
	  left join report as r on r.authority_id = a.id and r.year = report_item.year
	  left join report_version as p on p.authority_id = a.id and p.year = report_item.year and p.number = s.number
	 cross join lateral (select report_is_owed(a.id, report_item.year) as is_owed, report_is_kept(a.id) as is_kept) as o
	 cross join lateral (select case when s.number = 0 then report_lines(a.id, report_item.year) else p.lines end as lines,
				    report_year_words(report_item.year) as words) as l
	 cross join lateral (select row_to_json(h)::text as head from (
		select coalesce(r.id, p.report_id) as id, coalesce(r.version, s.number, 0) as version,
		       utc(coalesce(r.created_at, p.published_at)) as created_at,
		       utc(coalesce(r.updated_at, p.published_at)) as updated_at, a.id as authority_id,
		       a.name as authority_name, l.words as year, report_from(report_item.year) as from_on,
		       report_to(report_item.year) as to_on, report_due(report_item.year) as due_on,
		       report_state(report_item.year, s.first_on is not null, o.is_owed, o.is_kept) as state, o.is_owed, s.first_on as published_on,
		       coalesce(s.first_on > report_due(report_item.year), false) as is_late,
		       case when s.number > 0 then 'PUBLISHED' when s.number = 0 then 'DRAFT' end as shown,
		       nullif(s.number, 0) as number, report_figures(l.lines) as figures) as h) as h
	  left join lateral (select row_to_json(t)::text as tail from (
		select coalesce(l.lines, '[]') as lines, case s.number when 0 then r.promotion else p.promotion end as promotion,
		       case s.number when 0 then r.support else p.support end as support,
		       (select coalesce(json_agg(json_build_object('number', v.number, 'published_on', v.published_on,
				'published_at', utc(v.published_at)) order by v.number), '[]')
			  from report_version as v where v.authority_id = a.id and v.year = report_item.year) as versions,
		       report_shown(a.id, report_item.year, 0) is not null and report_differs(a.id, report_item.year) as differs) as t
		where whole) as t on true
	 cross join lateral (select '/v1/reports/asset-transfer/' || a.id || '/' || l.words as self) as u
	 cross join lateral (select left(h.head, -1) || coalesce(',' || substr(left(t.tail, -1), 2), '') || ',"links":'
		|| json_build_object('self', u.self, 'requests', u.self || '/requests', 'csv', u.self || '/report.csv',
			'authority', '/v1/authorities/' || a.id)::text || '}' as body) as x
	 where a.id = report_item.authority and report_from(report_item.year) <= clock_day()
	   and (wanted is null or s.number is not null)
$$;

-- Tells of the reports that approach their last day, or have missed it: an event for the public body alone, on the day on
-- which it was so, however long nobody was there to tell it. Only of those that deal with their reports here: somebody of theirs may, or a community has asked them for
-- land; and of no year that was over before the body was entered. ids: of changes, as many as are told at once; what is left
-- waits for the next look. Returns how many were told. With its owner's rights, and the worker's alone to call.
create or replace function report_remind(days_ahead int, ids text[]) returns int
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
#variable_conflict use_column
declare
	one record;
	n   int := 0;
	seq int;
	duty text; -- a subject of its own, named after the body: nothing of the body itself changes, nor its version
begin
	for one in
		select a.id, y.year, report_due(y.year) as due_on, w.what, w.happened_on
		  from authority as a
		 cross join generate_series(2017, report_year_ended()) as y (year)
		 cross join lateral (values ('APPROACHING', report_due(y.year) - days_ahead), ('MISSED', report_due(y.year))) as w (what, happened_on)
		 where case w.what when 'MISSED' then clock_day() > w.happened_on else clock_day() >= w.happened_on end
		   and report_due(y.year) >= (a.created_at at time zone 'Europe/London')::date
		   and report_is_owed(a.id, y.year)
		   and not exists (select from report_version as v where v.authority_id = a.id and v.year = y.year)
		   and not exists (select from report_reminder as r where r.authority_id = a.id and r.year = y.year and r.what = w.what)
		   and (exists (select from principal_role as p where p.authority_id = a.id and p.role in ('ESTATES', 'DECIDER'))
			or exists (select from request as q where q.authority_id = a.id))
		 order by w.happened_on, a.id
		 limit cardinality(ids)
	loop
		insert into report_reminder (authority_id, year, what, happened_on) values (one.id, one.year, one.what, one.happened_on)
		    on conflict do nothing;
		continue when not found; -- another daemon, at the same moment
		n := n + 1;
		duty := 'rdt_' || substr(one.id, 5);
		perform from authority as a where a.id = one.id for no key update; -- its events in a row, whoever tells them
		seq := coalesce((select max(c.subject_seq) from change as c where c.subject = duty), 0) + 1;
		perform change_put(ids[n], case one.what when 'MISSED' then 'deadline.missed' else 'deadline.approaching' end, duty, seq, one.id,
			null, jsonb_build_object('clock', case one.year when 2017 then 'K27' else 'K26' end, 'name', 'Asset transfer report',
				'year', report_year_words(one.year), 'whose', 'AUTHORITY', 'on', one.happened_on,
				'starts_on', case one.year when 2017 then report_from(2017) else report_to(one.year) end,
				'due_on', one.due_on, 'late_after_on', one.due_on), null, null, null, null, null, null,
			is_public => false, actor_kind => 'SYSTEM');
	end loop;
	return n;
end
$$;
