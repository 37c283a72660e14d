-- sign_in_end: somebody has signed in; what was tried before is forgotten.
-- in:  who bytea
-- out: one done bool
select sign_in_end($1) as done
