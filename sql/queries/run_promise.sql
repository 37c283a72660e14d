-- run_promise: that somebody is told of a run that it is being made, and what was asked for (JSON); those of before that came to
--   nothing go after a week.
-- in:  id text, authority_id text?, name text?, tag text, asked text
with old as (delete from run_promise where begun_at < clock_at() - interval '7 days'),
     old_ask as (delete from run_ask where asked_at < clock_at() - interval '7 days'),
     ask as (insert into run_ask (run_id, authority_id, asked) values ($1, $2, $5))
insert into run_promise (run_id, authority_id, name, tag) values ($1, $2, $3, $4)
