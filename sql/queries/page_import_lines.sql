-- page_import_lines: what is wrong with the lines of an import by kind, what of it is to be said yes to, and the lines that need a look: first
--      those of land that somebody has asked for, then what else needs a yes, then errors, remarks and the rest. Behind `after`, at most
--      `take`. shown: of those alone (ASKED, OWNED, TWICE, NAMED, ERRORS, REMARKS); code and its column: with that problem alone.
-- in:  id text, shown text, code text, col text, after bigint, take int
-- out: one body text
with asked as materialized (select * from import_asked($1)),
ranked as materialized (
	select l.line, q.id as request_id, (case when q.id is not null then 1 when u <> '{}' then 2 when l.action = 'ERROR' then 3
		when l.problems <> '[]' then 4 else 5 end)::bigint * 10000000000 + l.line as key
	  from import_line as l
	  left join asked as q on q.asset_id = l.asset_id and l.action = 'UPDATE'
	 cross join import_unsure(l.action, l.changes, l.problems) as u
	 where l.import_id = $1 and (l.action <> 'SAME' or l.problems <> '[]')
	   and case $2 when 'ASKED' then q.id is not null when 'ERRORS' then l.action = 'ERROR'
		when 'REMARKS' then l.problems @> '[{"severity": "WARNING"}]' when '' then true else $2 = any (u) end
	   and ($3 = '' or l.problems @> jsonb_build_array(jsonb_build_object('code', $3, 'column', nullif($4, '')))))
select json_build_object(
	'decisions', import_decisions($1),
	'found', (select count(*) from ranked),
	'kinds', (select coalesce(json_agg(k order by k.severity, k.number desc, k.code, k.column), '[]')
		    from (select p ->> 'severity' as severity, p ->> 'code' as code, p ->> 'column' as column, count(*) as number,
				 min(p ->> 'message') as message, min(p ->> 'cure') as cure, count(distinct p ->> 'message') > 1 as is_example
			    from import_line as l, jsonb_array_elements(l.problems) as p
			   where l.import_id = $1 and l.problems <> '[]'
			   group by 1, 2, 3 order by 1, 4 desc limit 40) as k),
	'lines', (select coalesce(json_agg(x order by x.key), '[]')
		    from (select r.key, l.line, l.action, l.asset_id, l.reference, l.changes, l.problems,
				 case when q.id is not null then json_build_object('id', q.id, 'reference', q.reference,
					'community_body_name', q.community_body_name) end as request
			    from (select * from ranked where key > $5 order by key limit $6) as r
			    join import_line as l on l.import_id = $1 and l.line = r.line
			    left join asked as q on q.id = r.request_id) as x)
       )::text as body
