-- calibration: of each stage of a plan (MARKET) and state of a request (REQUEST) how its finished cases ended, where there are
--   3 or more.
-- out: many kind text, code text, finished bigint, succeeded bigint
select c.kind, c.code, c.finished, c.succeeded from calibration_counts() as c order by c.kind, c.code limit 1000
