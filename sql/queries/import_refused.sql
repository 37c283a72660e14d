-- import_refused: the lines of an import that cannot be loaded, as they came and with why; so many behind so many.
-- in:  id text, skipped int, take int
-- out: one? columns text, fields text, lines text   -- no row: none that the actor may know of
select to_json(i.columns)::text as columns, coalesce(i.mapping ->> 'fields', '{}') as fields,
       (select coalesce(json_agg(x order by x.line), '[]')::text
	  from (select l.line, l.cells, (select string_agg(concat_ws(' ', coalesce(p ->> 'column' || ': ', '') || (p ->> 'message'), p ->> 'cure'), ' ' order by n)
			 from jsonb_array_elements(l.problems) with ordinality as e (p, n) where p ->> 'severity' = 'ERROR') as why
		  from import_line as l where l.import_id = i.id and l.action = 'ERROR' and l.cells is not null
		 order by l.line offset $2 limit $3) as x) as lines
  from import as i where i.id = $1
