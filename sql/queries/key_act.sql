-- key_act: what was done with a key, why, and of what it was and is the members that differ.
-- in:  id text, version int, act text, reason text?, was jsonb?, is_now jsonb?
insert into key_act (key_id, version, act, reason, before, after)
values ($1, $2, $3, $4, jsonb_changed($6, $5), jsonb_changed($5, $6))
