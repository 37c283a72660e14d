-- request_change_hide: record a change of a request that its authority's members alone hear of; at the version that it now has.
-- in:  id text, type text, request_id text, data jsonb
-- out: one id text
select change_put($1, $2, r.id, r.version, r.authority_id, null, $4 || jsonb_build_object('reference', r.reference),
		  null, null, null, null, null, null, false) as id
  from request as r where r.id = $3
