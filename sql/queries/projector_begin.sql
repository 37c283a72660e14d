-- projector_begin: where the feed stands, and what the model is run with: read before the inputs,
--   so that whatever changes meanwhile is read again.
-- out: one position bigint, params_version int, params jsonb, partners jsonb, cpps jsonb
select s.position,
       coalesce((select max(p.version) from model_parameter as p), 0) as params_version,
       coalesce((select p.params from model_parameter as p order by p.version desc limit 1), '{}') as params,
       (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'is_local_authority', a.kind = 'COUNCIL')
		|| coalesce(g.settings, '{}') order by a.id), '[]')
	  from authority as a left join 
		(select distinct on (s.authority_id) s.authority_id, s.settings from partner_setting as s order by s.authority_id, s.version desc) as g on g.authority_id = a.id) as partners,
       (select coalesce(jsonb_agg(jsonb_build_object('cpp', c.cpp_id, 'partner', c.authority_id)
		order by c.cpp_id, c.authority_id), '[]') from cpp_partner as c) as cpps
  from feed_state as s
