-- item_as_at: an asset, its plan, a request or its case as it was true on a day and known at a moment, or as far as is known by now
--   (functions/0062_as_at.sql, 0068_past_case.sql); a valuation, a disposal, a notice, a representation or a document when it was known
--   and so by then. owner_id: what it hangs on.
-- in:  kind text, id text, owner_id text?, valid_on date, known_at timestamptz?
-- out: one? version int, gone bool, body text   -- no row: nothing was known of that day, or not for the actor
select version, gone, body from asset_at($2, $4, known_by($5)) where $1 = 'ast'
union all
select version, false, body from request_items_at(array[$2], $4, known_by($5)) where $1 = 'atr'
union all
select version, gone, body from plan_item_at($2, $4, known_by($5)) where $1 = 'pln'
union all
select version, false, body from case_item_at($2, $4, known_by($5)) where $1 = 'cas'
union all
select version, false, body from notice_items_at($3, $4, known_by($5)) where $1 = 'ntc' and id = $2
union all
select version, gone, body from filed_item_at($1, $2, $4, known_by($5)) where $1 in ('rep', 'doc')
union all
select 1, false, body from item_list_at($1, jsonb_build_object('id', jsonb_build_array($2), 'asset_id', jsonb_build_array($3)), 'id', null,
	null, 1, false, $4, known_by($5)) where $1 in ('val', 'dsp')
