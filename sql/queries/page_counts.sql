-- page_counts: how much there is, and whose register it is: a walk over all assets, so ask seldom.
-- out: one body text
with bodies as materialized (
	select a.id, a.name, a.code, n.assets_count,
	       (select count(*) from request as r join request_state as s on s.code = r.state
		 where r.authority_id = a.id and s.is_open) as requests_count
	  from authority as a
	  join (select authority_id, count(*) as assets_count from asset where removed_at is null group by authority_id) as n
	    on n.authority_id = a.id)
select json_build_object(
	'counts', json_build_object(
		'assets_count', coalesce((select sum(assets_count) from bodies), 0),
		'requests_count', coalesce((select sum(requests_count) from bodies), 0),
		'transfers_count', (select count(*) from request where state = 'COMPLETED'),
		'bodies_count', (select count(*) from bodies)),
	'bodies', (select coalesce(json_agg(b order by b.name), '[]') from bodies as b),
	'areas', (select coalesce(json_agg(distinct z.council_code), '[]')
		    from asset as a join data_zone as z on z.code = a.data_zone where a.removed_at is null)
       )::text as body
