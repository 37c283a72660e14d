-- key_find: a key by its prefix, with its principal and what that may; is_live: neither expired, revoked nor closed.
-- in:  prefix text
-- out: one? hash bytea, key_id text, principal_id text, is_operator bool, is_live bool, is_touch_due bool,
--      scopes json, grants json
select k.hash, k.key_id, k.principal_id, k.is_operator,
       k.revoked_at is null and k.closed_at is null and coalesce(k.expires_at > clock_at(), true) as is_live,
       coalesce(k.last_used_at < clock_at() - interval '1 minute', true) as is_touch_due,
       to_json(k.scopes) as scopes, k.grants
  from key_lookup($1) as k
 where k.hash is not null
