-- change_hide: record a change of what is not public: only its authority's members hear of it, or those of every authority.
-- in:  id text, type text, subject text, subject_seq int, authority_id text?, data jsonb
-- out: one id text
select change_put($1, $2, $3, $4, $5, null, $6, null, null, null, null, null, null, false) as id
