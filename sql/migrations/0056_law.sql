-- What statute 22 calls a constraint and was a rule of the daemon's alone becomes one: here what a row can say of itself, in
-- functions/0068_law.sql what takes several rows. Nothing rests on a rule that was not confirmed, but where a setting says how.
--
-- Of rows that are older nothing is asked until they change in what a rule is about: a rule that some of them break stays NOT
-- VALID, and the migration says so.
set local role assetd_owner;
set local search_path = assetd, public;

-- What every kept deadline says of how it was worked out (statute 6.2), for those of before that do not yet: by the table of
-- clocks, and what the calendar set when they were counted. The rule of each clock as it stands in this release.
alter table request disable row level security, disable trigger user;
alter table calendar disable row level security;
with clock_rule (clock, length, unit, mode) as (values
	('K1', 15, 'WORKING_DAYS', 'AFTER'), ('K2', 15, 'WORKING_DAYS', 'AFTER'), ('K3', 15, 'WORKING_DAYS', 'AFTER'),
	('K4', 20, 'WORKING_DAYS', 'AFTER'), ('K5', 20, 'WORKING_DAYS', 'AFTER'), ('K6', 6, 'MONTHS', 'AFTER'),
	('K7', 0, 'STATED', 'NEITHER'), ('K8', 20, 'WORKING_DAYS', 'BEGINNING'), ('K9', 20, 'WORKING_DAYS', 'BEGINNING'),
	('K10', 20, 'WORKING_DAYS', 'BEGINNING'), ('K11', 20, 'WORKING_DAYS', 'BEGINNING'), ('K12', 20, 'WORKING_DAYS', 'BEGINNING'),
	('K13', 20, 'WORKING_DAYS', 'BEGINNING'), ('K14', 6, 'MONTHS', 'AFTER'), ('K15', 10, 'WORKING_DAYS', 'AFTER'),
	('K16', 10, 'WORKING_DAYS', 'AFTER'), ('K17', 15, 'WORKING_DAYS', 'BEGINNING'), ('K18', 6, 'MONTHS', 'AFTER'),
	('K19', 6, 'MONTHS', 'BEGINNING'), ('K21', 10, 'WORKING_DAYS', 'BEGINNING'), ('K22', 15, 'WORKING_DAYS', 'BEGINNING'),
	('K23', 15, 'WORKING_DAYS', 'BEGINNING'))
update request as r
   set deadlines = (select jsonb_agg(jsonb_build_object('length', coalesce(s.length, k.length), 'unit', k.unit,
			'mode', coalesce(s.mode, k.mode), 'calendar_version', c.number) || d.one order by d.n)
		  from jsonb_array_elements(r.deadlines) with ordinality as d (one, n)
		  left join clock_rule as k on k.clock = d.one ->> 'clock'
		  left join calendar as c on c.id = r.calendar_version
		  left join lateral (select (x ->> 'length')::int as length, x ->> 'mode' as mode from jsonb_array_elements(c.clocks) as x
			where x ->> 'clock' = k.clock and (x ->> 'from_on')::date <= (d.one ->> 'starts_on')::date
			order by (x ->> 'from_on')::date desc limit 1) as s on true)
 where r.deadlines <> '[]';
alter table request enable row level security, force row level security, enable trigger user;
alter table calendar enable row level security, force row level security;

-- Rule, start, length, unit, mode, calendar and its version, and the day that they led to.
create function deadlines_say_how(deadlines jsonb) returns boolean
	language sql immutable parallel safe
	return not exists (select from jsonb_array_elements(deadlines) as d
		where not d ?& '{clock,starts_on,due_on,length,unit,mode,calendar,calendar_version}'
		   or d -> 'clock' = 'null' or d -> 'starts_on' = 'null' or d -> 'due_on' = 'null' or d -> 'calendar' = 'null'
		   or d -> 'unit' = 'null' or d -> 'mode' = 'null' or d -> 'length' = 'null');

-- How many times in which the decision can be challenged run (statute 5.1).
create function challenges_running(deadlines jsonb) returns int
	language sql immutable parallel safe
	return jsonb_array_length(jsonb_path_query_array(deadlines,
		'$[*] ? (@.state == "RUNNING" && (@.clock == "K8" || @.clock == "K9" || @.clock == "K10" || @.clock == "K11" || @.clock == "K12"
			|| @.clock == "K13"))'));

-- A refusal says why in words, and whoever agrees in an answer to a challenge leaves the body its six months too: from the
-- notice, which an appeal's may follow later (s.83).
create function decision_stands(event text, state_to text, happened_on date, payload jsonb) returns boolean
	language sql immutable
	return case
		when event = 'REFUSE' or event = 'REVIEW_DECIDED' and payload ->> 'decision' = 'REFUSE'
		then coalesce(payload @? '$.grounds[*] ? (@.text like_regex "[^ \t\r\n]")', false)
		when event = 'AGREE' then coalesce(payload ->> 'terms' ~ '\S', false)
		when event in ('REVIEW_DECIDED', 'APPEAL_DECIDED') and state_to = 'AGREED'
		then coalesce((payload ->> 'offer_by_on')::date
			>= (coalesce((payload ->> 'notice_on')::date, happened_on) + interval '6 months')::date, false)
		     and (payload ->> 'outcome' in ('CONFIRM', 'DISMISS') or coalesce(payload ->> 'terms' ~ '\S', false))
		else true end;

alter table request add constraint request_bar_follows_validation check (bar_from is not distinct from validated_on) not valid;
alter table request add constraint request_deadlines_say_how check (assetd.deadlines_say_how(deadlines)) not valid;
alter table request add constraint request_one_challenge_runs check (assetd.challenges_running(deadlines) <= 1) not valid;
alter table request_event add constraint request_event_decision_stands
	check (assetd.decision_stands(event, state_to, happened_on, payload)) not valid;
-- A correction puts the review anew before it sets the old one aside: asked at the end.
do $$
begin
	alter table request_event add constraint request_event_one_review
		exclude using btree (request_id with =)
		where (event = 'REVIEW_APPLIED' and state_to = 'UNDER_REVIEW' and superseded_by is null)
		deferrable initially deferred;
exception when exclusion_violation then
	raise warning 'a request has two reviews: strike one out (CORRECT), then add the constraint request_event_one_review';
end
$$;

-- To conclude missives is to contract to dispose: what lets that pass a bar is named with its day (section 84; statute 9).
-- A text and no domain: a column of a domain is written into every row, which PostgreSQL refuses where a function takes the row.
alter table disposal_plan
	add column exemption text collate "C" check (exemption in ('ADVERTISED', 'NEGOTIATIONS', 'PROCEEDINGS', 'DIRECTION')),
	add column exemption_dated_on date,
	add constraint disposal_plan_exemption_has_kind check (exemption_dated_on is null or exemption is not null);

do $$
declare
	one record;
begin
	for one in select conrelid::regclass as of, conname as name from pg_constraint
		    where connamespace = 'assetd'::regnamespace and not convalidated order by 1, 2 loop
		begin
			execute format('alter table %s validate constraint %I', one.of, one.name);
		exception when check_violation then
			raise warning 'older rows of % break %: it holds for what is written from now on', one.of, one.name;
		end;
	end loop;
end
$$;
