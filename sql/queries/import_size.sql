-- import_size: how many lines of an import change something, and whose it is.
-- in:  id text
-- out: one? authority_id text, state text, changing bigint   -- no row: none that the actor may know of
select i.authority_id, i.state,
       (select count(*) from import_line as l where l.import_id = i.id and l.action in ('CREATE', 'UPDATE')) as changing
  from import as i where i.id = $1
