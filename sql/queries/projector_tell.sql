-- projector_tell: an authority's forecast has moved (functions/0070_projection.sql).
-- in:  fence bigint, prj text, authority_id text, event_id text, data jsonb, totals jsonb, position bigint
-- out: one is_told bool
select projection_tell($1, $2, $3, $4, $5, $6, $7) as is_told
