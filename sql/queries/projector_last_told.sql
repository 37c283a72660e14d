-- projector_last_told: what was told last of each authority's forecast.
-- out: many authority_id text, totals jsonb
select authority_id, totals from projection
