-- forecast_address_find: an address of the forecast by the hash of its token, with the key it was made with.
-- in:  hash bytea
-- out: one? address_id text, question text, key_id text, principal_id text, is_operator bool, is_live bool, is_touch_due bool,
--      scopes json, grants json
select a.id as address_id, a.question, k.key_id, k.principal_id, k.is_operator,
       k.revoked_at is null and k.closed_at is null and coalesce(k.expires_at > clock_at(), true)
         and a.revoked_at is null and a.expires_at > clock_at() as is_live,
       coalesce(a.last_used_at < clock_at() - interval '1 minute', true) as is_touch_due,
       to_json(k.scopes) as scopes, k.grants
  from forecast_address_lookup($1) as a, key_lookup(a.key_prefix) as k
