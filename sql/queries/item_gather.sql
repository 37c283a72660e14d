-- item_gather: as item_show for all who ask at once; `nth` of the ids, from 1, is whose row it is. Parameters stand
--   in subqueries so that the planner cannot look at them: it keeps one plan, where it made one for each list.
-- in:  kind text, ids text[]
-- out: many version int, view text, gone bool, body text, nth bigint
select i.version, i.view, i.gone, i.body, w.nth
  from unnest((select $2::text[])) with ordinality as w (id, nth) join item_asset as i on i.id = w.id
 where (select $1) = 'ast'
union all
select i.version, i.view, i.gone, i.body, w.nth
  from unnest((select $2::text[])) with ordinality as w (id, nth) cross join lateral item((select $1), w.id) as i
 where (select $1) <> 'ast'
