-- change_put: record a change of a subject, in the batch that made it (functions/0020_change.sql).
-- in:  id text, type text, subject text, subject_seq int, authority_id text?, asset_id text?,
--      data jsonb, before jsonb?, after jsonb?, money jsonb?, money_before jsonb?, money_after jsonb?,
--      reason text?
-- out: one id text
select change_put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as id
