-- factor_end: the actor has no second factor any more.
with gone as (delete from account_recovery where principal_id = actor_id())
update account set factor = null, factor_on = false, factor_step = 0 where principal_id = actor_id()
