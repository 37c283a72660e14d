-- request_competing: the other live requests on overlapping land, after one of them; now, or as they were on a day as known at a moment.
-- in:  request_id text, after int, take int, valid_on date?, known_at timestamptz?
-- out: many body text, number int
select w.body::text as body, w.number
  from (select body, number from request_competing($1) where $4::date is null
	union all
	select body, number from request_competing_at($1, $4, known_by($5)) where $4 is not null) as w
 where w.number > $2
 order by w.number
 limit $3
