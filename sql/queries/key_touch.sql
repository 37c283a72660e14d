-- key_touch: note that the actor's key is in use; asked for at most once a minute.
update api_key set last_used_at = clock_at() where id = actor_key()
