-- asset_glance: how many assets a filter keeps, by public body, council area and squares of so many metres: two walks over
--   all of them (functions/0066_spot.sql).
-- in:  filter jsonb, cell int
-- out: one body text
select json_build_object('tally', asset_tally($1), 'map', asset_squares($1, $2))::text as body
