-- report_line_find: a line of reports by its code, and the codes of all of them in order.
-- in:  code text?
-- out: one is_there bool, codes text, label text?
select exists (select from report_line as l where l.code = $1) as is_there,
       (select string_agg(l.code, ', ' order by l.ordinal) from report_line as l) as codes,
       (select l.label from report_line as l where l.code = $1) as label
