-- forecast_address_insert: an address by which a program reads one question until the end of a day in London, and the error given
--   when the actor has as many that work as one may.
-- in:  id text, name text, question text, hash bytea, last_on date, most int, too_many int
-- out: one done bool
with made as (
	insert into forecast_address (id, principal_id, key_id, name, question, hash, expires_at)
	values ($1, actor_id(), actor_key(), $2, $3, $4, ($5 + 1)::timestamp at time zone 'Europe/London')
)
select must((select count(*) from forecast_address where principal_id = actor_id() and revoked_at is null
	and expires_at > clock_at()) < $6, $7) as done
