-- webhook_insert: a new webhook of the actor.
-- in:  id text, authority_id text?, fields jsonb
insert into webhook (id, principal_id, authority_id, url, types, mode, filter, payload, envelope, schema_version)
select $1, actor_id(), $2, x.url, coalesce(x.types, '{*}'), coalesce(x.mode, 'UNORDERED'), coalesce(x.filter, '{}'),
       coalesce(x.payload, 'FULL'), coalesce(x.envelope, 'STANDARD'), coalesce(x.schema_version, 1::smallint)
  from jsonb_populate_record(null::webhook, $3) as x
