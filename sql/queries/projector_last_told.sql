-- projector_last_told: what was told last of each authority's forecast, and what it included.
-- out: many authority_id text, position bigint, totals jsonb
select authority_id, position, totals from projection
