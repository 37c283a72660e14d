-- sign_in_begin: count a try to sign in; whose the address is, with the key that its sessions stand on, or for how long no try counts.
-- in:  who bytea, email text
-- out: one wait_s int, principal_id text?, key_id text?, password text?, factor text?
select b.wait_s, b.principal_id, k.key_id, b.password, b.factor
  from sign_in_begin($1, $2) as b
  left join key_lookup(b.key_prefix) as k on k.revoked_at is null and k.closed_at is null
