-- baseline_input: the projection's input of one asset, or of a request's, as of a day (MODEL.md 9).
-- in:  asset_id text?, request_id text?, as_of date
-- out: one? input jsonb
select jsonb_build_object(
	'asof', $3::date,
	'params', coalesce((select p.params from model_parameter as p order by p.version desc limit 1), '{}'),
	'partners', jsonb_build_array(jsonb_build_object('id', a.id, 'is_local_authority', a.kind = 'COUNCIL')
		|| coalesce((select g.settings from partner_setting as g where g.authority_id = a.id order by g.version desc limit 1), '{}')),
	'assets', jsonb_build_array(i.input - 'completed' || jsonb_build_object('id', i.model_id, 'lead', i.lead,
		'cpp', coalesce(i.cpp, '-'), 'locality', coalesce(i.locality, '-'), 'class', i.class, 'decile', i.decile))) as input
  from projection_input as i
  join authority as a on a.id = i.lead
 where i.id = coalesce($1, (select r.asset_id::text from request as r where r.id = $2))
