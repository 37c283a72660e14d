-- What whoever makes a key may give. With its owner's rights, since a rule of a table cannot ask that table.
set local role assetd_owner;
set local search_path = assetd, public;

-- Has the key in use all of that, for as long, and may it make keys? None that is made may: it would go on by others when it is ended.
create or replace function key_is_within(scopes text[], expires_at timestamptz) returns boolean
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select not key_is_within.scopes && '{keys:write,*}' and exists (select from api_key as k
		where k.id = actor_key() and k.principal_id = actor_id() and k.revoked_at is null and k.scopes && '{keys:write,*}'
		  and ('*' = any (k.scopes) or key_is_within.scopes <@ k.scopes)
		  and (k.expires_at is null or key_is_within.expires_at <= k.expires_at))
$$;

-- Whoever could have a key work for longer could have one that leaked work on.
create or replace function key_no_longer() returns trigger
	language plpgsql
	set search_path = assetd, pg_temp
as $$
begin
	if new.expires_at is null and old.expires_at is not null or new.expires_at > old.expires_at then
		raise exception 'a key works no longer than it was made for' using errcode = 'insufficient_privilege';
	end if;
	return new;
end
$$;
create or replace trigger no_longer before update of expires_at on api_key for each row execute function key_no_longer();
