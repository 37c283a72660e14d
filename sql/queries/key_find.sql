-- key_find: an API key by its prefix with its principal and grants; for authentication only.
-- in:  prefix text
-- out: one? key_id text, hash bytea, scopes text[], expires_at timestamptz?, revoked_at timestamptz?,
--      last_used_at timestamptz?, principal_id text, principal_name text, is_operator bool,
--      closed_at timestamptz?, grants json
select key_id, hash, scopes, expires_at, revoked_at, last_used_at, principal_id, principal_name, is_operator,
       closed_at, grants
  from key_lookup($1)
