-- item_show: any item by the prefix of its id, as the actor may see it; an asset as it is kept rendered.
-- in:  kind text, id text
-- out: one? version int, view text, gone bool, body text   -- no row: none that the actor may know of
select version, view, gone, body from item_asset where $1 = 'ast' and id = $2
union all
select version, view, gone, body from item($1, $2) where $1 <> 'ast'
