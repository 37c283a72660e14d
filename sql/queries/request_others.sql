-- request_others: what other requests mean for one, after one of them: the live ones on overlapping land, or the earlier ones for which it may be
--   declined as a repeat; now, or as they were on a day as known at a moment.
-- in:  request_id text, earlier bool, after int, take int, valid_on date?, known_at timestamptz?
-- out: many body text, number int
select w.body::text as body, w.number
  from (select body, number from request_competing($1) where not $2 and $5::date is null
	union all
	select body, number from request_competing_at($1, $5, known_by($6)) where not $2 and $5 is not null
	union all
	select body, number from request_earlier($1) where $2 and $5::date is null
	union all
	select body, number from request_earlier_at($1, $5, known_by($6)) where $2 and $5 is not null) as w
 where w.number > $3
 order by w.number
 limit $4
