-- disposal_undo: a disposal did not happen, or not so: its asset's next version, with the life that it had
--   (functions/0064_regain.sql). rests: how much was seen to rest on it.
-- in:  id text, rests bigint
-- out: one version int
select disposal_undo($1, $2) as version
