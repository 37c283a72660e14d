-- report_insert: the first draft of a report.
-- in:  id text, authority_id text, year int, fields jsonb
insert into report (id, authority_id, year, promotion, support)
values ($1, $2, $3, $4 ->> 'promotion', $4 ->> 'support')
