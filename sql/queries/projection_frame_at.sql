-- projection_frame_at: what the projection of one asset was worked out with at a moment, for who is shown its money.
-- in:  asset_id text, known_at timestamptz
-- out: one? feed_position bigint, params jsonb, partners jsonb
select feed_position, params, partners from projection_frame_at($1, $2)
