-- The reference bodies and tables, out of the data_… tables that hold this folder's files.
-- Kept as they are where they exist; a council or board that is new is a change like any other.
set local role assetd_owner;
set local search_path = assetd, public;

select change_partitions(clock_day(), 8);

insert into cpp_partner_kind (code, ordinal, label, duty, scope)
select code, ordinal::smallint, label, duty, scope from data_cpp_partner_kind
on conflict (code) do update set ordinal = excluded.ordinal, label = excluded.label, duty = excluded.duty,
	scope = excluded.scope;

insert into asset_class (code, ordinal, label)
select code, ordinal::smallint, label from data_asset_class
on conflict (code) do update set ordinal = excluded.ordinal, label = excluded.label;

insert into request_state (code, ordinal, label, is_open, is_statutory, bars, model_state)
select code, ordinal::smallint, label, is_open::boolean, is_statutory::boolean, bars::boolean, model_state
  from data_request_state
on conflict (code) do update set ordinal = excluded.ordinal, label = excluded.label, is_open = excluded.is_open,
	is_statutory = excluded.is_statutory, bars = excluded.bars, model_state = excluded.model_state;

insert into report_line (code, ordinal, unit, events, state_to, kind, payload_key, payload_value, unless, citation, confidence,
	label, rule)
select code, ordinal::smallint, unit, string_to_array(events, ' '), state_to, kind, payload_key, payload_value, unless,
       citation, confidence, label, rule
  from data_report_line
on conflict (code) do update set ordinal = excluded.ordinal, unit = excluded.unit, events = excluded.events,
	state_to = excluded.state_to, kind = excluded.kind, payload_key = excluded.payload_key,
	payload_value = excluded.payload_value, unless = excluded.unless, citation = excluded.citation,
	confidence = excluded.confidence, label = excluded.label, rule = excluded.rule;

insert into data_zone (code, council_code, intermediate_zone, population, rank, decile)
select code, council, intermediate_zone, population::int, rank::int, decile::smallint from data_data_zone
on conflict (code) do nothing;

with body as (
	select code, official_name as name, 'COUNCIL' as kind from data_council
	union all
	select code, name, 'HEALTH_BOARD' from data_health_board
), made as (
	insert into authority (id, name, kind, code)
	select 'aut_' || lpad(lower(code), 26, '0'), name, kind, code from body
	on conflict do nothing
	returning id, name, kind, code
), duty as (
	insert into authority_duty (authority_id, schedule, from_on)
	select made.id, d.schedule, d.from_on
	  from made, (values (1, date '2016-12-20'), (2, '2017-04-01'), (3, '2017-01-23')) as d (schedule, from_on)
)
select change_put('evt_' || lpad(lower(code), 26, '0'), 'authority.created', id, 1, id, null,
	jsonb_build_object('name', name, 'kind', kind, 'code', code), null, null, null, null, null, 'Reference data')
  from made order by id;

with made as (
	insert into cpp (id, name, code)
	select 'cpp_' || lpad(lower(code), 26, '0'), name || ' Community Planning Partnership', code from data_council
	on conflict do nothing
	returning id, code
)
insert into cpp_partner (cpp_id, authority_id, kind)
select made.id, a.id, p.kind
  from made
  join data_council as c on c.code = made.code
 cross join lateral (values (c.code, 'LOCAL_AUTHORITY'), (c.health_board, 'HEALTH_BOARD')) as p (code, kind)
  join authority as a on a.code = p.code
on conflict do nothing;
