-- asset_glance: how many assets a filter keeps, by public body, council area and at most so many squares of so many metres or
--   more: a walk over all of them (functions/0066_spot.sql).
-- in:  filter jsonb, cell int, squares int
-- out: one body text
select asset_glance($1, $2, $3)::text as body
