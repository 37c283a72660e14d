-- key_history: what was done with a key, after one of its versions.
-- in:  id text, after int, take int
-- out: many body text, seq int
select row_to_json(x)::text as body, a.version as seq
  from key_act as a
 cross join lateral (select a.version, utc(a.at) as at, a.actor, a.with_key, a.act, a.reason, a.before, a.after) as x
 where a.key_id = $1 and a.version > $2
 order by a.version
 limit $3
