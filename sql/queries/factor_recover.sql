-- factor_recover: a code for when the second factor is lost is used, once (error 31).
-- in:  hash bytea
-- out: one done bool
with it as (
	delete from account_recovery where principal_id = actor_id() and hash = $1 returning principal_id
)
select must((select count(*) from it) = 1, 31) as done
