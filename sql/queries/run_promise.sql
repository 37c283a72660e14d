-- run_promise: that somebody is told of a run that it is being made; those of before that came to nothing go after a week.
-- in:  id text, authority_id text?, name text?, tag text
with old as (delete from run_promise where begun_at < clock_at() - interval '7 days')
insert into run_promise (run_id, authority_id, name, tag) values ($1, $2, $3, $4)
