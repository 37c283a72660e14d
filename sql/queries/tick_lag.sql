-- tick_lag: the day since which the longest waiting request has waited for time to act, and how many requests cannot be
--   worked out as they stand.
-- out: one oldest_on date?, failing int
select (select nullif(min(r.look_on), '-infinity') from request as r where r.look_on <= clock_day()) as oldest_on,
       (select count(*)::int from request_trouble as t join request as r on r.id = t.request_id and r.version = t.version) as failing
