-- page_runs: frozen runs that the actor may know of, the newest first, a page of them; of one authority those that it or the
--   whole register froze, of one tag, or those that closed a year; with the likely sums that they keep of that authority, or of all.
-- in:  authority_id text?, tag text?, after text?, rows int
-- out: many body text, id text
select json_build_object('id', r.id, 'name', r.name, 'run_tag', r.tag, 'as_of_on', r.as_of_on, 'valid_on', r.valid_on, 'known_at', utc(r.known_at),
		'frozen_at', utc(r.created_at), 'run_position', r.position, 'parameters_version', r.parameters_version,
		'is_year_end', r.year_end_on is not null, 'is_supposed', r.overlay <> '[]' or r.parameters_set <> '{}',
		'seed', r.seed, 'paths', r.paths, 'model_version', r.model_version,
		'body_name', a.name, 'maker', p.name, 'totals', k.body -> 'totals')::text as body, r.id::text
  from projection_run as r
  left join authority as a on a.id = r.authority_id
  left join principal as p on p.id = r.actor
  left join projection_run_receipt as k on k.run_id = r.id and k.scenario = 'LIKELY' and k.grouping_by = 'YEAR'
   and k.filter = coalesce('authority_id=' || $1, '')
 where ($1 is null or r.authority_id = $1 or r.authority_id is null)
   and ($2 is null or r.tag = $2 or $2 = 'YEAR_END' and r.year_end_on is not null)
   and ($3 is null or r.id < $3)
 order by r.id desc
 limit $4
