-- page_body_form: what the form of a new community body begins with, and bodies like the one that was typed.
-- in:  name text?, charity_number text?, company_number text?
-- out: one body text
select json_build_object(
	'authorities', (select coalesce(json_agg(json_build_object('id', o.id, 'name', o.name) order by o.name, o.id), '[]')
			  from authority as o where o.id = any ((select actor_in('estates'))::text[]) or (select actor_everywhere('estates'))),
	'twins', (select coalesce(json_agg(json_build_object('id', b.id, 'name', b.name, 'legal_form', b.legal_form, 'charity_number', b.charity_number)
			order by b.name, b.id), '[]') from body_twins($1, $2, $3) as b))::text as body
