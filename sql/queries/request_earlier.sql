-- request_earlier: earlier requests for which this one may be declined as a repeat, after one of them.
-- in:  request_id text, after int, take int
-- out: many body text, number int
select e.body::text as body, e.number from request_earlier($1) as e where e.number > $2 order by e.number limit $3
