-- receipt_names: what a forecast's authorities, partnerships and localities are called, as far as the actor may know of them;
--   and the parameters that it was worked out with: of a run those it keeps, else those that are in force.
-- in:  ids text[], run_id text?
-- out: one names jsonb, parameters jsonb?
select (select coalesce(jsonb_object_agg(n.id, n.name), '{}')
	  from (select a.id::text, a.name from authority as a where a.id::text = any ($1)
		union all select c.id::text, c.name from cpp as c where c.id::text = any ($1)
		union all select l.id::text, l.name from locality as l where l.id::text = any ($1)) as n) as names,
       case when $2 is null then (select p.params from model_parameter as p order by p.version desc limit 1)
	    else (select r.parameters from projection_run as r where r.id = $2) end as parameters
