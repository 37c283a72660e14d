-- key_insert: a key of the actor's until the end of a day in London, or of the key in use where that comes first; and the error given
--   when the actor has as many that work as one may.
-- in:  id text, name text?, prefix text, hash bytea, scopes text[], last_on date, most int, too_many int
-- out: one done bool
with made as (
	insert into api_key (id, principal_id, name, prefix, hash, scopes, expires_at)
	select $1, actor_id(), $2, $3, $4, array(select distinct s from unnest($5) as s order by s),
	       least(($6 + 1)::timestamp at time zone 'Europe/London', (select k.expires_at from api_key as k where k.id = actor_key()))
)
select must((select count(*) from api_key where principal_id = actor_id() and revoked_at is null and prefix not like 'account\_%'
	and coalesce(expires_at > clock_at(), true)) < $7, $8) as done
