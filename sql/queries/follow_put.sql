-- follow_put: somebody would have letters sent to an address; a letter asks that address to confirm it (functions/0091_follow.sql).
-- in:  id text, kind text, rhythm text, email text, ticket text, question text, filter jsonb, keys text[], authority_id text?, days int,
--      mail_id text, network bytea
-- out: one done bool
select follow_put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as done
