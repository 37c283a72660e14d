-- factor_begin: the actor would have a second factor, of that random text; one that is on stays.
-- in:  factor text
update account set factor = $1, factor_step = 0 where principal_id = actor_id() and not factor_on
