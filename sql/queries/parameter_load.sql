-- parameter_load: a version of the model's parameters, or of an authority's own rows, and all its versions;
--   version 0 are the defaults. Without `wanted` the newest.
-- in:  authority_id text?, wanted int?
-- out: one? version int, newest int, fields jsonb, created_at text?, actor text?, note text?, versions jsonb,
--      params jsonb, params_version int, is_council bool, event_id text?   -- params: the model's in force; no row: no such authority, or version
with version as (
	select v.version, v.params, v.created_at, v.actor, v.note
	  from model_parameter as v where $1 is null
	union all
	select v.version, v.settings, v.created_at, v.actor, v.note
	  from partner_setting as v where v.authority_id = $1
	union all
	select 0, '{}', null, null, null
), newest as (
	select v.version, v.created_at, v.actor, v.note from version as v order by v.version desc limit 200
)
select v.version, n.version as newest, v.params as fields, utc(v.created_at) as created_at, v.actor, v.note,
       (select jsonb_agg(jsonb_build_object('version', h.version, 'created_at', utc(h.created_at), 'actor', h.actor,
		'note', h.note) order by h.version desc) from newest as h) as versions,
       coalesce((select p.params from model_parameter as p order by p.version desc limit 1), '{}') as params,
       coalesce((select max(p.version) from model_parameter as p), 0) as params_version,
       coalesce((select a.kind = 'COUNCIL' from authority as a where a.id = $1), false) as is_council,
       (select c.id from change as c where c.subject = coalesce('par_' || substr($1, 5), 'par_00000000000000000000000000')
	 order by c.subject_seq desc limit 1) as event_id
  from (select max(x.version) as version from version as x) as n
  join version as v on v.version = coalesce($2, n.version)
 where $1 is null or exists (select from authority as a where a.id = $1)
