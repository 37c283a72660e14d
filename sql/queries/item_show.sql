-- item_show: any item by the prefix of its id, as the actor may see it, after what this batch wrote.
-- in:  kind text, id text
-- out: one? version int, view text, gone bool, body text   -- no row: none that the actor may know of
select version, view, gone, body from item($1, $2)
