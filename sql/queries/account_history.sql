-- account_history: what was done to an account, after one of its versions; the first of its rows says whether there is one.
-- in:  id text, after int, take int
-- out: many body text, seq int
select row_to_json(x)::text as body, a.version as seq
  from account_act as a
 cross join lateral (select a.version, utc(a.at) as at, a.actor, a.act, a.reason, a.before, a.after) as x
 where a.principal_id = $1 and a.version > $2
 order by a.version
 limit $3
