-- page_counts: how much there is, whose register it is and in which councils' areas: a walk over all assets, so ask seldom.
-- out: one body text
with tally as materialized (select asset_glance('{}', null, null) -> 'tally' as n),
open as materialized (
	select r.authority_id, request_council(r.asset_id, r.authority_id) as council
	  from request as r join request_state as s on s.code = r.state and s.is_open),
bodies as materialized (
	select a.id, a.name, b.assets_count, (select count(*) from open as o where o.authority_id = a.id) as requests_count
	  from tally cross join json_to_recordset(tally.n -> 'bodies') as b (id text, assets_count bigint)
	  join authority as a on a.id = b.id),
areas as (
	select coalesce(c.code, o.council) as code, coalesce(c.assets_count, 0) as assets_count, coalesce(o.number, 0) as requests_count
	  from (select c.code, c.assets_count from tally cross join json_to_recordset(tally.n -> 'areas') as c (code text, assets_count bigint)) as c
	  full join (select council, count(*) as number from open where council is not null group by council) as o on o.council = c.code)
select json_build_object(
	'counts', json_build_object(
		'assets_count', (select n -> 'total' from tally),
		'requests_count', (select count(*) from open),
		'transfers_count', (select count(*) from request where state = 'COMPLETED'),
		'bodies_count', (select count(*) from bodies)),
	'bodies', (select coalesce(json_agg(b order by b.name), '[]') from bodies as b),
	'areas', (select coalesce(json_agg(x order by x.requests_count desc, x.assets_count desc, x.code), '[]') from areas as x)
       )::text as body
