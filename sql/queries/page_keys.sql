-- page_keys: keys that were not ended, the newest first, after one of them: the actor's own, or those of people whom the actor looks
--   after, in whose name or the key's each word stands.
-- in:  is_own bool, words text?, after text?, take int
-- out: many body text, id text
select row_to_json(x)::text as body, x.id::text
  from (select k.id, k.version, coalesce(k.name, k.prefix) as name, k.prefix, p.name as owner, k.principal_id <> actor_id() as is_other, u.name as authority_name,
	       coalesce(k.id = actor_key(), false) as is_this, coalesce(k.expires_at <= clock_at(), false) as is_over,
	       (k.expires_at at time zone 'Europe/London' - interval '1 second')::date as expires_on,
	       (k.last_used_at at time zone 'Europe/London')::date as used_on,
	       (select coalesce(json_agg(json_build_object('key_scope', s) order by s), '[]') from unnest(k.scopes) as s) as scopes
	  from api_key as k
	  join principal as p on p.id = k.principal_id
	  left join authority as u on u.id = p.authority_id
	 where k.prefix not like 'account\_%' and k.revoked_at is null and p.closed_at is null and (k.principal_id = actor_id()) = $1
	   and ($2::text is null or plain(coalesce(k.name, '') || ' ' || p.name) like all (word_patterns($2)))
	   and ($3::text is null or k.id::text < $3)
	 order by k.id desc
	 limit $4) as x
