-- request_deadlines: the deadlines of a request, with what a calendar says of each.
-- in:  id text
-- out: one? version int, reference text, stamp text, deadlines jsonb
select version, reference, to_char(updated_at at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') as stamp, deadlines
  from request where id = $1
