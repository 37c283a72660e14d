-- item_part_show: an item that hangs on an asset or on a request, as item_show.
-- in:  kind text, id text, owner_id text
-- out: one? version int, view text, gone bool, body text
select version, view, gone, body from item($1, $2) where coalesce(body::json ->> 'asset_id', body::json ->> 'request_id') = $3
