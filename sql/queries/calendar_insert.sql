-- calendar_insert: a version of the calendars that was loaded and not yet applied.
-- in:  id text, over_id text?, source text?, fields jsonb, added jsonb, missing jsonb, moves jsonb
insert into calendar (id, over_id, source, covers_until, instruments, clocks, holidays, added, missing, moves)
select $1, $2, $3, x.covers_until, coalesce(x.instruments, '{}'), coalesce(x.clocks, '[]'), coalesce(x.holidays, '[]'), $5, $6, $7
  from jsonb_populate_record(null::calendar, $4) as x
