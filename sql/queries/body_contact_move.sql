-- body_contact_move: a community body's next version, because a contact that is not its own authority's changed; the
--   error given when it has moved (functions/0060_register.sql).
-- in:  id text, seen int, stale int
-- out: one done bool
select must(body_move($1, $2), $3) as done
