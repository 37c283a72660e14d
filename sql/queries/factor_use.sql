-- factor_use: a code of the actor's second factor is used: neither it nor one before it counts again (error 31).
-- in:  step bigint
-- out: one done bool
with it as (
	update account set factor_step = $1 where principal_id = actor_id() and factor_on and factor_step < $1
	returning principal_id
)
select must((select count(*) from it) = 1, 31) as done
