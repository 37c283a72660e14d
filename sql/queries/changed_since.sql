-- changed_since: what committed changes speak of that an earlier look did not see yet (functions/0020_change.sql).
-- in:  since text?, most int
-- out: one standing text, is_all bool, subjects text?   -- ids with commas between
select standing, is_all, subjects from changed_since((select $1), (select $2))
