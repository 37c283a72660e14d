-- change_write: record a change from the JSON of what was and what is, money apart (functions/0060_register.sql).
-- in:  id text, type text, subject text, seq int?, authority_id text?, asset_id text?, data jsonb,
--      was jsonb?, is_now jsonb?, money text[], reason text?, actor_kind text?   -- seq NULL: the asset's version as it now is
-- out: one id text
select change_write($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as id
