-- follow_confirm: whoever bears a follow's link confirms it.
-- in:  id text
-- out: one done bool
select follow_confirm($1) as done
