-- cpp_plans_at: cpp_plans as it was true on a day and known at a moment, or as far as is known by now (views/0061_plans.sql).
-- in:  cpp_id text, from_on date?, until_on date?, authority_id text?, locality_id text?, within_m int, after_on date?, after_id text?, take int,
--      valid_on date, known_at timestamptz?
-- out: one? body text
select b.body from cpp_plans_at($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, known_by($11)) as b (body) where b.body is not null
