-- item_part_show: an item that hangs on an asset, as item_show.
-- in:  kind text, id text, asset_id text
-- out: one? version int, view text, gone bool, body text
select version, view, gone, body from item($1, $2) where body::json ->> 'asset_id' = $3
