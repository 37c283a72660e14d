-- recount_due: requests with running clocks that were counted by other calendars than those that stand.
-- in:  most int
-- out: many id text, version int, authority_id text, asset_id text?, row jsonb, deadlines jsonb, calendar_id text, calendar jsonb
select r.id, r.version, r.authority_id::text, r.asset_id::text,
       request_counted(r) as row, r.deadlines, c.id as calendar_id,
       calendar_fields(c) as calendar
  from calendar as c
  join request as r on r.calendar_version is distinct from c.id
  left join request_trouble as t on t.request_id = r.id and t.work = 'RECOUNT' and t.version = r.version
 where c.id = calendar_standing() and r.deadlines @? '$[*] ? (@.state == "RUNNING")'
   and (t.again_at is null or trouble_is_over(t))
 order by r.id
 limit $1
