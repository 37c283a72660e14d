-- import_size: how many lines of an import change something, whose it is, whether it has columns that nothing reads, and what of
--      it has been changed since (functions/0050_import.sql); and for a person what of it is to be said yes to (import_decisions).
-- in:  id text, is_page bool
-- out: one? authority_id text, state text, changing bigint, has_unread bool, moved jsonb?, decisions jsonb?   -- no row: none that the actor may know of
select i.authority_id, coalesce(import_work(i.id, i.state) ->> 'state', i.state) as state,
       (select count(*) from import_line as l where l.import_id = i.id and l.action in ('CREATE', 'UPDATE')) as changing,
       coalesce(i.mapping -> 'unread' <> '[]', false) as has_unread,
       import_moved(i.id, 20) as moved, case when $2 then import_decisions(i.id) end as decisions
  from import as i where i.id = $1
