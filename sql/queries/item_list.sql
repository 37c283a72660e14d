-- item_list: items of a kind by id, after one, at most so many (functions/0060_register.sql).
-- in:  kind text, filter jsonb, after text?, take int
-- out: many body text, id text
select body, id from item_list($1, $2, $3, $4)
