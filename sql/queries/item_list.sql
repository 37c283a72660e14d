-- item_list: items of a kind in some order, after one, at most so many (functions/0065_list.sql).
-- in:  kind text, filter jsonb, sort text, after text[]?, fields text[]?, take int, is_feature bool
-- out: many body text, key text, id text
select body, key, id from item_list($1, $2, $3, $4, $5, $6, $7)
