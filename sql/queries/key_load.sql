-- key_load: a key before it is changed or ended, whether it is the actor's, and where whoever has it is at home.
-- in:  id text
-- out: one? version int, gone bool, is_own bool, authority_id text?, fields jsonb, scopes text   -- no row: none that the actor may know of
select k.version, k.revoked_at is not null or p.closed_at is not null as gone, k.principal_id = actor_id() as is_own, p.authority_id,
       jsonb_strip_nulls(jsonb_build_object('name', k.name, 'expires_on', (k.expires_at at time zone 'Europe/London' - interval '1 second')::date)) as fields,
       array_to_string(k.scopes, ' ') as scopes
  from api_key as k
  join principal as p on p.id = k.principal_id
 where k.id = $1 and k.prefix not like 'account\_%'
