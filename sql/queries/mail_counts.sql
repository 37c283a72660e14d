-- mail_counts: how many letters wait, and how many were given up in the last month.
-- out: one waiting bigint, dead bigint
select (select count(*) from mail where state = 'WAITING') as waiting,
       (select count(*) from mail where state = 'DEAD' and ended_at > clock_at() - interval '30 days') as dead
