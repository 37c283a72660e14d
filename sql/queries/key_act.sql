-- key_act: what was done with a key, and why.
-- in:  id text, version int, act text, reason text?
insert into key_act (key_id, version, act, reason) values ($1, $2, $3, $4)
