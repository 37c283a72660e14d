-- item_list_at: item_list as it was true on a day and known at a moment, or as far as is known by now.
-- in:  kind text, filter jsonb, sort text, after text[]?, fields text[]?, take int, is_feature bool, valid_on date,
--      known_at timestamptz?
-- out: many body text, key text, id text
select body, key, id from item_list_at($1, $2, $3, $4, $5, $6, $7, $8, known_by($9))
