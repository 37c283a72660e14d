-- asset_glance: how many assets a filter keeps, by public body, council area and squares of so many metres: a walk over
--   all of them (functions/0066_spot.sql).
-- in:  filter jsonb, cell int
-- out: one body text
select asset_glance($1, $2)::text as body
