-- request_competing: the other live requests on overlapping land, after one of them.
-- in:  request_id text, after int, take int
-- out: many body text, number int
select c.body::text as body, c.number from request_competing($1) as c where c.number > $2 order by c.number limit $3
