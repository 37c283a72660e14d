-- account_password_set: the actor's own password; a link that would set it ends.
-- in:  password text
update account set password = $1, password_set_at = clock_at(), link = null, link_expires_at = null
 where principal_id = actor_id()
