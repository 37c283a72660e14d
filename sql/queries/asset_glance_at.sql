-- asset_glance_at: asset_glance of a day as known at a moment; nothing where there were more than `most` (functions/0066_spot.sql).
-- in:  filter jsonb, cell int, squares int, valid_on date, known_at timestamptz?, most int
-- out: one body text?
select asset_glance_at($1, $2, $3, $4, known_by($5), $6)::text as body
