-- projector_publish: keep what everybody is to be told, made from that version (functions/0071_public.sql).
-- in:  seen bigint, telling bytes, adjusted bytes, difference bytes, is_whole bool
-- out: one is_kept bool
select projection_publish($1, $2, $3, $4, $5) as is_kept
