-- page_authority_choices: all public bodies and all partnerships to choose from, by name, 1,000 of each at most.
-- out: one body text
select json_build_object(
	'bodies', (select coalesce(json_agg(x order by x.name, x.id), '[]') from (select id, name from authority order by name, id limit 1000) as x),
	'cpps', (select coalesce(json_agg(x order by x.name, x.id), '[]') from (select id, name from cpp order by name, id limit 1000) as x)
       )::text as body
