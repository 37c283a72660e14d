-- import_items: the authority's assets as they stand, in the order in which they came, for a list to be compared with
--      (import_known, functions/0050_import.sql).
--      references: lower-case, of those in question and all without one; absent: all.
-- in:  authority_id text, references text[]?
-- out: many body text
select body from import_known($1, $2)
