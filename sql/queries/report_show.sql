-- report_show: the report of an authority on a reporting year, as the actor may see it (functions/0069_report.sql).
-- in:  authority_id text, year int, wanted int?
-- out: one? version int, view text, body text   -- no row: no such authority, year or version, or not for the actor
select version, view, body from report_item($1, $2, $3, true)
