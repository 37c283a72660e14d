-- session_find: a page's session by the hash of its token, with the key it was opened with.
-- in:  hash bytea
-- out: one? key_id text, principal_id text, is_operator bool, is_live bool, csrf text, name text, scopes json, grants json
select k.key_id, k.principal_id, k.is_operator,
       k.revoked_at is null and k.closed_at is null and coalesce(k.expires_at > clock_at(), true)
         and s.expires_at > clock_at() and s.seen_at > clock_at() - interval '30 minutes' as is_live,
       s.csrf, k.principal_name as name, to_json(k.scopes) as scopes, k.grants
  from session_lookup($1) as s, key_lookup(s.key_prefix) as k
