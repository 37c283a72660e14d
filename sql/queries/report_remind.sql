-- report_remind: what time has to tell of asset transfer reports today, each once; event_ids: of the events.
-- in:  days_ahead int, event_ids text[]
-- out: one told int
select report_remind($1, $2) as told
