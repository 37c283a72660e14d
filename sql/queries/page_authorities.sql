-- page_authorities: public bodies by name, after one of them: those in whose name each word stands, of one kind or of all; with whom each plans.
-- in:  words text?, kind text?, after_name text?, after_id text?, take int
-- out: many body text, name text, id text
select row_to_json(x)::text as body, x.name, x.id::text
  from (select a.id, a.name, a.name_gd, a.kind,
	       (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) order by p.name, p.id), '[]')
		  from (select c.id, c.name from cpp_partner as m join cpp as c on c.id = m.cpp_id where m.authority_id = a.id
			 order by c.name, c.id limit 40) as p) as cpps
	  from authority as a
	 where ($1::text is null or plain(a.name || ' ' || coalesce(a.name_gd, '')) like all (word_patterns($1))) and ($2::text is null or a.kind = $2)
	   and ($4::text is null or (a.name, a.id::text) > ($3, $4))
	 order by a.name, a.id::text
	 limit $5) as x
