-- factor_confirm: the actor's second factor is on, its first code used; and the codes for when it is lost, as SHA-256 in hexadecimal with
--   blanks between.
-- in:  factor text, step bigint, hashes text
-- out: one done bool
with it as (
	update account set factor_on = true, factor_step = $2
	 where principal_id = actor_id() and factor = $1 and not factor_on
	returning principal_id
), codes as (
	insert into account_recovery (principal_id, hash)
	select it.principal_id, decode(h, 'hex') from it, unnest(string_to_array($3, ' ')) as h
)
select must((select count(*) from it) = 1, 45) as done
