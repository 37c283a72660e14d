-- The Idempotency-Key of a POST, taken in the transaction of what it does.
set local role assetd_owner;
set local search_path = assetd, public;

-- Take a key for 48 hours. Another transaction that is taking the same one is waited for; if
-- the key is taken, the whole batch is undone with our IN_PROGRESS (err.def 75), and the
-- daemon looks what was answered then.
create or replace function idempotency_begin(key text, hash bytea) returns boolean
	language plpgsql
as $$
begin
	insert into idempotency_key as k (principal_id, key, hash, expires_at)
	values (actor_id(), idempotency_begin.key, idempotency_begin.hash, clock_at() + interval '48 hours')
	on conflict on constraint idempotency_key_pkey do update
		set hash = excluded.hash, created_at = excluded.created_at, expires_at = excluded.expires_at,
		    status = null, location = null, etag = null, event_id = null, content_type = null, body = null
		where k.expires_at <= clock_at();
	if not found then
		raise exception 'the Idempotency-Key is taken' using errcode = 'AS075';
	end if;
	return true;
end
$$;
