-- report_publish: keep what the draft says and counts now as a version of its own, with the cases behind it; one
--   statement, so that the figures and the cases are those of one moment.
-- in:  id text, seen int, stale int
-- out: one done bool
with moved as (
	update report set version = version + 1, published = published + 1
	 where id = $1 and version = $2
	returning id, published, authority_id, year, promotion, support
), kept as (
	insert into report_version (report_id, number, authority_id, year, promotion, support, lines)
	select m.id, m.published, m.authority_id, m.year, m.promotion, m.support, report_lines(m.authority_id, m.year) from moved as m
	returning 1
), counted as (
	insert into report_case (report_id, number, authority_id, line, request_id, event_id, happened_on)
	select m.id, m.published, m.authority_id, c.line, c.request_id, c.event_id, c.happened_on
	  from moved as m cross join lateral report_cases(m.authority_id, m.year) as c
)
select must((select count(*) from kept) = 1, $3) as done
